"""The filters above a news list."""

from typing import Any

from django import forms

from stoppress.newsroom.desk.models import NewsListEntry
from stoppress.newsroom.desk.newslist import Question
from stoppress.newsroom.models import Article, Author

STATES = [("", "Any state"), *NewsListEntry.State.choices]
SEARCH_MAX_CHARACTERS = 200


class NewsListForm(forms.Form):
    """What an editor looks for, as the address says it. Nonsense in the address is left out."""

    q = forms.CharField(
        label="Words in the headline",
        required=False,
        max_length=SEARCH_MAX_CHARACTERS,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": "Words in the headline"}),
    )
    state = forms.ChoiceField(label="State", required=False, choices=STATES)
    kind = forms.ChoiceField(label="Kind", required=False)
    author = forms.ModelChoiceField(
        label="Author", required=False, queryset=Author.objects.none(), empty_label="Any author"
    )
    since = forms.DateField(
        label="From", required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    until = forms.DateField(
        label="To", required=False, widget=forms.DateInput(attrs={"type": "date"})
    )

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        self.fields["kind"].choices = [("", "Any kind"), *Article.Kind.choices]  # type: ignore[attr-defined]
        self.fields["author"].queryset = Author.objects.all()  # type: ignore[attr-defined]

    def question(self, sections: tuple[int, ...] | None) -> Question:
        """The question asked, within these sections."""
        self.full_clean()
        said = self.cleaned_data
        author = said.get("author")
        return Question(
            sections=sections,
            states=_states(said.get("state", "")),
            kind=said.get("kind", ""),
            author_id=author.pk if author else None,
            words=tuple(said.get("q", "").split()),
            since=said.get("since"),
            until=said.get("until"),
        )

    @property
    def narrows(self) -> bool:
        """Whether any filter is set."""
        return any(self.cleaned_data.values())


def _states(state: str) -> tuple[str, ...]:
    state_of = NewsListEntry.State
    if state == state_of.LIVE:
        return (state_of.LIVE, state_of.CHANGED)
    return (state,) if state else ()
