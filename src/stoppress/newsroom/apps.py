"""The newsroom room as a Django app."""

from django.apps import AppConfig

# Columns of Wagtail's page table that no reader's page depends on.
UNSEEN_PAGE_COLUMNS = frozenset(
    {
        "draft_title",
        "expire_at",
        "expired",
        "first_published_at",
        "go_live_at",
        "has_unpublished_changes",
        "last_published_at",
        "latest_revision_created_at",
        "latest_revision_id",
        "live_revision_id",
        "locked",
        "locked_at",
        "locked_by_id",
        "numchild",
        "owner_id",
    }
)


class NewsroomConfig(AppConfig):
    """See docs/explanation/newsroom.md."""

    name = "stoppress.newsroom"
    label = "newsroom"

    def ready(self) -> None:
        """Have the press guard what readers see, and listen to Wagtail."""
        from wagtail.models import Page, PageViewRestriction

        from stoppress.newsroom import models, receivers
        from stoppress.newsroom.publicaddresses import public_addresses
        from stoppress.newsroom.reading.addresses import read_ahead
        from stoppress.newsroom.views.errors import NOT_FOUND_ADDRESS, not_found
        from stoppress.newsroom.views.search import search_elsewhere
        from stoppress.press.batches import read_ahead_with
        from stoppress.press.editions import set_not_found_page
        from stoppress.press.export import sources
        from stoppress.press.guard import watch

        watch(Page, ignore_columns=UNSEEN_PAGE_COLUMNS)
        for model in (
            models.Article,
            models.ArticleAddress,
            models.ArticleByline,
            models.ArticlePicture,
            models.Author,
            models.FormerAuthorSlug,
            models.FrontSlot,
            models.Listing,
            models.ListingMonth,
            models.MostRead,
            models.Section,
            models.SectionPath,
            models.Topic,
            models.UpdateEntry,
            models.Article.topics.through,
            PageViewRestriction,
        ):
            watch(model)
        watch(models.Picture, ignore_columns={"file_hash", "file_size", "collection_id"})
        receivers.connect()
        set_not_found_page(not_found, NOT_FOUND_ADDRESS)
        read_ahead_with(read_ahead)
        sources.addresses_from(public_addresses)
        sources.page_instead("/404.html", not_found)
        sources.page_instead("/search/", search_elsewhere)
