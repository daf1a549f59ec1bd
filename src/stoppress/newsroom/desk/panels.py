"""The editing forms. A story’s is in the order the work is done.

Story: what is read, from the headline down. Cards and search: how lists, shares and search engines
show it. Publishing: when, where, in which language. Update log: what readers are told of changes.
"""

from typing import Any

from django import forms
from wagtail.admin.panels import (
    CommentPanel,
    FieldPanel,
    FieldRowPanel,
    HelpPanel,
    InlinePanel,
    MultiFieldPanel,
    ObjectList,
    PageChooserPanel,
    PublishingPanel,
    TabbedInterface,
    TitleFieldPanel,
)
from wagtail.admin.widgets import AdminAutoHeightTextInput

# Lengths that read well; none is a limit. A result page shows some 60 characters of a title,
# a card of ours three lines of some 25, a headline of ours three of some 35.
HEADLINE_IDEAL = 90
SHORT_HEADLINE_IDEAL = 60
SEARCH_TITLE_IDEAL = 60
STANDFIRST_IDEAL = 180
SEARCH_DESCRIPTION_IDEAL = 155

ABOUT_UPDATES = """
<p>An entry says what changed after the story was first published. <strong>Correction</strong>,
<strong>clarification</strong>, <strong>update</strong> and <strong>retraction</strong> stand on the
story and on the public corrections page, and move its “Last update”. A <strong>silent fix</strong>
is kept here only. For a live story, <em>Correct or update…</em> in the menu beside the Publish
button does it in one step.</p>
"""


def counted(ideal: int, widget: type[forms.Widget] = AdminAutoHeightTextInput, **attrs: Any) -> Any:
    """A text field that shows how long its text is, and from where it gets too long."""
    return widget(attrs={"data-desk-count": str(ideal), **attrs})


STORY = ObjectList(
    [
        FieldPanel(
            "title",
            heading="Headline",
            classname="title",
            help_text="What readers read first. It also makes the address, unless you give one.",
            widget=counted(HEADLINE_IDEAL, placeholder="Headline"),
        ),
        FieldPanel(
            "standfirst",
            widget=counted(STANDFIRST_IDEAL),
            help_text="One or two sentences under the headline: why this matters.",
        ),
        InlinePanel(
            "byline",
            label="name",
            heading="Byline",
            help_text="People and agencies in the order in which readers see them.",
        ),
        FieldPanel(
            "dateline", help_text="The place the story is reported from, as it is to be printed."
        ),
        FieldPanel(
            "lead_picture",
            help_text="Stands above the text and on cards. Its alt text, caption and credit are "
            "the picture’s own.",
        ),
        FieldPanel("body", heading="Text"),
        InlinePanel(
            "gallery",
            label="picture",
            heading="Gallery",
            help_text="For a picture story: opens full screen, in this order.",
        ),
        FieldPanel(
            "sources",
            widget=AdminAutoHeightTextInput(),
            help_text="Where the facts come from. Readers see it below the text.",
        ),
    ],
    heading="Story",
)

CARDS = ObjectList(
    [
        FieldPanel(
            "kicker",
            help_text="A word or two above the headline: the subject or the running story.",
        ),
        FieldPanel(
            "short_headline",
            widget=counted(SHORT_HEADLINE_IDEAL),
            help_text="Shown on cards and in the rail. Left empty, they show the headline.",
        ),
        FieldPanel(
            "topics",
            widget=forms.SelectMultiple(
                attrs={"data-desk-chooser": "", "data-desk-chooser-label": "Find a topic"}
            ),
            help_text="From the IPTC Media Topics. Each has a page that will list the story.",
        ),
        MultiFieldPanel(
            [
                FieldPanel(
                    "seo_title",
                    heading="Search title",
                    widget=counted(SEARCH_TITLE_IDEAL),
                    help_text="Shown by search engines and in the browser’s tab. Left empty, they "
                    "show the headline.",
                ),
                FieldPanel(
                    "search_description",
                    heading="Search description",
                    widget=counted(SEARCH_DESCRIPTION_IDEAL),
                    help_text="Shown by search engines and when the story is shared. Left empty, "
                    "they show the standfirst.",
                ),
            ],
            heading="Search engines and shares",
        ),
    ],
    heading="Cards and search",
)

PUBLISHING = ObjectList(
    [
        FieldPanel("kind", help_text="Readers see it above the headline, unless it is a report."),
        FieldRowPanel(
            [
                FieldPanel(
                    "language",
                    help_text="A language tag such as “en”, “pt-BR” or “ar”. It decides reading "
                    "time, hyphenation and the voice of screen readers.",
                ),
                FieldPanel("direction", help_text="Rarely anything but the first choice."),
            ],
            heading="Language",
        ),
        FieldPanel(
            "address_slug",
            heading="Last word of the address",
            help_text="Left empty, it is made from the headline. Changing it on a live story is "
            "safe: the old address leads to the new one.",
        ),
        FieldRowPanel(
            [
                FieldPanel(
                    "published_at",
                    heading="Published at",
                    help_text="Decides the day in the address and the place in lists. Left empty, "
                    "it is the moment of publishing.",
                ),
                FieldPanel("published_precision", heading="How exactly that is known"),
            ],
            heading="Published at",
        ),
        FieldPanel(
            "embargoed_until",
            heading="Embargoed until",
            help_text="Nobody can publish it before, not even by mistake. To have it published "
            "then, set a time to go live under “Status” as well.",
        ),
        PublishingPanel(),
    ],
    heading="Publishing",
)

UPDATES = ObjectList(
    [
        HelpPanel(content=ABOUT_UPDATES, heading="What readers see"),
        InlinePanel("updates", label="entry", heading="Update log"),
    ],
    heading="Update log",
)

SEARCH = MultiFieldPanel(
    [
        FieldPanel("seo_title", heading="Search title", widget=counted(SEARCH_TITLE_IDEAL)),
        FieldPanel(
            "search_description",
            heading="Search description",
            widget=counted(SEARCH_DESCRIPTION_IDEAL),
        ),
    ],
    heading="Search engines and shares",
    help_text="Left empty, search engines show the name and the description.",
)


def section_edit_handler() -> ObjectList:
    """The form of a section."""
    return ObjectList(
        [
            TitleFieldPanel("title", heading="Name"),  # fills in the address while it is typed
            FieldPanel(
                "slug",
                heading="Address",
                help_text="The section’s word in addresses: “world” stands at /world/. Changing it "
                "is safe at any size: every old address leads to the new one.",
            ),
            FieldPanel("description", help_text="A sentence under the section’s name."),
            SEARCH,
        ]
    )


def front_edit_handler() -> ObjectList:
    """The form of the front page."""
    return ObjectList(
        [
            InlinePanel(
                "slots",
                panels=[PageChooserPanel("article", "newsroom.Article")],
                label="story",
                heading="Top stories",
                help_text="The first leads. Where you choose none, the newest stories fill in, and "
                "no story stands on the front twice.",
            ),
            SEARCH,
        ]
    )


COMMENTS = CommentPanel()


def article_edit_handler() -> TabbedInterface:
    """The whole form; Wagtail's comments hang on its last tab."""
    publishing = ObjectList([*PUBLISHING.children, COMMENTS], heading=PUBLISHING.heading)
    return TabbedInterface([STORY, CARDS, publishing, UPDATES])
