"""Which views Wagtail uses for our pages, people and topics."""

from wagtail.admin.panels import FieldPanel
from wagtail.admin.viewsets.pages import PageViewSet
from wagtail.snippets.views.snippets import SnippetViewSet

from stoppress.newsroom.desk.views.editing import (
    PaperCreateView,
    PaperEditView,
    PaperUnpublishView,
)
from stoppress.newsroom.desk.views.moving import PaperDeleteView, PaperMoveConfirmView
from stoppress.newsroom.desk.views.newslist import SectionNewsListView
from stoppress.newsroom.desk.views.previews import (
    CreatePreviewView,
    DraftView,
    EditPreviewView,
    ReviewPreviewView,
    RevisionPreviewView,
)
from stoppress.newsroom.desk.views.sections import SectionsView
from stoppress.newsroom.models import Article, Author, Front, Section, Topic


class PaperViewSet(PageViewSet):
    """What all our pages share at the desk."""

    add_view_class = PaperCreateView
    edit_view_class = PaperEditView
    unpublish_view_class = PaperUnpublishView
    delete_view_class = PaperDeleteView
    move_confirm_view_class = PaperMoveConfirmView
    preview_on_add_view_class = CreatePreviewView
    preview_on_edit_view_class = EditPreviewView
    view_draft_view_class = DraftView
    revisions_view_class = RevisionPreviewView
    workflow_preview_view_class = ReviewPreviewView


class FrontViewSet(PaperViewSet):
    """The front page."""

    model = Front


class SectionViewSet(PaperViewSet):
    """Sections; exploring the front page shows them."""

    model = Section
    parent_models = [Front]
    index_view_class = SectionsView


class ArticleViewSet(PaperViewSet):
    """Stories; exploring a section shows its news list."""

    model = Article
    parent_models = [Section]
    index_view_class = SectionNewsListView


class AuthorViewSet(SnippetViewSet):
    """The people and agencies that bylines name."""

    model = Author
    icon = "user"
    menu_label = "Authors"
    menu_name = "authors"
    menu_order = 400
    add_to_admin_menu = True
    list_display = ["name", "kind", "role"]
    list_filter = ["kind"]
    ordering = ["name", "id"]
    panels = [
        FieldPanel("name"),
        FieldPanel("kind", help_text="An agency is credited with copy; it has no page of its own."),
        FieldPanel("role", help_text="Shown beside the name: “Europe correspondent”."),
        FieldPanel("portrait"),
        FieldPanel("biography", help_text="Readers see it on the author’s page."),
        FieldPanel("email", help_text="Shown on the author’s page; left empty, nothing is shown."),
        FieldPanel("slug"),
    ]


class TopicViewSet(SnippetViewSet):
    """The IPTC Media Topics. The vocabulary is not ours to edit: it can only be looked up."""

    model = Topic
    icon = "tag"
    menu_label = "Topics"
    menu_name = "topics"
    menu_order = 500
    add_to_admin_menu = True
    list_display = ["label", "broader", "qcode", "retired"]
    list_filter = ["retired"]
    ordering = ["label", "id"]
    inspect_view_enabled = True
