"""A tiny paper for the press room's tests: stories in sections, and the pages that show them."""

from django.db import models
from django.http import Http404, HttpRequest, HttpResponse

from stoppress.press.changes import changing
from stoppress.press.editions import public
from stoppress.press.recording import reads, record

PER_PAGE = 3


class Story(models.Model):
    """A story in one section, live or killed."""

    section = models.CharField(max_length=20)
    headline = models.TextField()
    draft_headline = models.TextField(blank=True)
    is_killed = models.BooleanField(default=False)

    objects: models.Manager["Story"]

    class Meta:
        app_label = "press_tests"

    def __str__(self) -> str:
        return self.headline


class Aside(models.Model):
    """A table that nobody watches."""

    text = models.TextField()

    class Meta:
        app_label = "press_tests"

    def __str__(self) -> str:
        return self.text


MODELS = (Story, Aside)


# What editors do


def publish(section: str, headline: str) -> Story:
    with changing(f"publish {headline}") as change:
        story = Story.objects.create(section=section, headline=headline)
        change.touch(f"list:{section}", "list:latest")
        change.print_first(f"/{section}/{story.pk}/")
    return story


def update(story: Story, headline: str) -> None:
    with changing(f"update {story.pk}") as change:
        Story.objects.filter(pk=story.pk).update(headline=headline)
        change.touch(f"article:{story.pk}", f"card:{story.pk}")


def move(story: Story, section: str) -> None:
    with changing(f"move {story.pk}") as change:
        before = Story.objects.get(pk=story.pk).section
        Story.objects.filter(pk=story.pk).update(section=section)
        change.touch(f"article:{story.pk}", f"card:{story.pk}", f"list:{before}", f"list:{section}")
        change.print_first(f"/{section}/{story.pk}/")


def kill(story: Story) -> None:
    with changing(f"kill {story.pk}") as change:
        section = Story.objects.get(pk=story.pk).section
        Story.objects.filter(pk=story.pk).update(is_killed=True)
        change.gone(f"article:{story.pk}")
        change.touch(f"list:{section}", "list:latest")


def delete(story: Story) -> None:
    with changing(f"delete {story.pk}") as change:
        section = Story.objects.get(pk=story.pk).section
        Story.objects.filter(pk=story.pk).delete()
        change.gone(f"article:{story.pk}")
        change.touch(f"list:{section}", "list:latest")


# What pages read


@reads
def find_story(pk: int) -> Story | None:
    record(f"article:{pk}")
    return Story.objects.filter(pk=pk).first()


@reads
def newest(section: str | None, page: int = 1) -> list[Story]:
    record("list:latest" if section is None else f"list:{section}")
    stories = Story.objects.filter(is_killed=False).order_by("-pk")
    if section is not None:
        stories = stories.filter(section=section)
    shown = list(stories[(page - 1) * PER_PAGE : page * PER_PAGE])
    record(*(f"card:{story.pk}" for story in shown))
    return shown


# The pages


@public(rank=10)
def article(request: HttpRequest, section: str, pk: int) -> HttpResponse:
    story = find_story(pk)
    if story is None:
        raise Http404
    if story.is_killed:
        return HttpResponse("withdrawn", "text/plain", 410)
    if story.section != section:
        return HttpResponse(status=301, headers={"Location": f"/{story.section}/{pk}/"})
    if "explode" in story.headline:
        raise ValueError(story.headline)
    return HttpResponse(f"<h1>{story.headline}</h1><!--part:latest-->")


@public(rank=0)
def front(request: HttpRequest) -> HttpResponse:
    return HttpResponse("front\n" + "\n".join(map(str, newest(None))))


@public(query=("page",), rank=5)
def section_page(request: HttpRequest, section: str) -> HttpResponse:
    page = int(request.GET.get("page", "1"))
    stories = newest(section, page)
    if page > 1 and not stories:
        raise Http404
    return HttpResponse(f"{section}\n" + "\n".join(map(str, stories)))


@public()
def latest(request: HttpRequest) -> HttpResponse:
    return HttpResponse("<ol>" + "".join(f"<li>{s}" for s in newest(None)) + "</ol>")


@public()
def forgetful(request: HttpRequest) -> HttpResponse:
    return HttpResponse(str(Story.objects.count()))


greedy_headers: dict[str, str] = {}


@public()
def reserved(request: HttpRequest) -> HttpResponse:
    return HttpResponse("for one", headers=greedy_headers)


@public()
def curious(request: HttpRequest) -> HttpResponse:
    return HttpResponse(str(request.session.session_key))


@public()
def greedy(request: HttpRequest) -> HttpResponse:
    response = HttpResponse("hello")
    response.set_cookie("visitor", "7")
    return response


@public()
def scribbling(request: HttpRequest) -> HttpResponse:
    Aside.objects.create(text="was here")
    return HttpResponse("hello")


def private(request: HttpRequest) -> HttpResponse:
    return HttpResponse("the desk")
