"""Pelican and Eleventy, building the same texts with a template of like work (for bench/print.py).

Both get one template in the dialect that Jinja2 and Nunjucks share: a head with description, Open
Graph and JSON-LD, masthead with navigation, breadcrumb, byline with machine-readable times, share
links, body, footer with all sections. Escaping is on, as in ours. Feeds, archives and indexes are
off. Each builds the texts from Markdown, as their manuals would have it, and from ready HTML, with
nothing to convert.
"""

from __future__ import annotations

import html
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

PELICAN = ("pelican==4.12.0", "markdown==3.10.2")
ELEVENTY = "@11ty/eleventy@3.1.8"
MINUTES = 15

Build = Callable[[Path, list["Page"]], list[str]]  # writes a site; its command


@dataclass(frozen=True)
class Page:
    """A story as both peers' templates get it. All is text."""

    title: str
    description: str
    canonical: str
    path: str
    section: str
    section_url: str
    byline: str
    byline_url: str
    published: str
    published_shown: str
    minutes: str
    words: str
    body: str
    paper: str
    origin: str
    navigation: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, story: Any, head: Any, paper: Any, body: str) -> Page:
        """From what our own page shows."""
        card = story.page.card
        first = card.byline[0] if card.byline else None
        return cls(
            title=card.headline,
            description=head.description,
            canonical=head.canonical,
            path=card.url.strip("/"),
            section=card.section.name,
            section_url=card.section.url,
            byline=first.name if first else paper.name,
            byline_url=first.url if first else "/",
            published=card.published_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
            published_shown=card.published_at.strftime("%d %B %Y, %H:%M UTC"),
            minutes=str(card.reading_minutes),
            words=str(story.word_count),
            body=body,
            paper=paper.name,
            origin=paper.origin,
            navigation=tuple((item.name, item.url) for item in paper.navigation),
        )


TEMPLATE = """<!doctype html>
<html lang="en" dir="ltr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{ story.title }} – {{ paper }}</title>
{% if story.description %}<meta name="description" content="{{ story.description }}">{% endif %}
<meta name="robots" content="max-image-preview:large">
<link rel="canonical" href="{{ story.canonical }}">
<link rel="stylesheet" href="/static/paper.css">
<script type="module" src="/static/paper.js"></script>
<link rel="preload" href="/static/text-core.woff2" as="font" type="font/woff2" crossorigin>
<link rel="preload" href="/static/display-core.woff2" as="font" type="font/woff2" crossorigin>
<link rel="preload" href="/static/label-core.woff2" as="font" type="font/woff2" crossorigin>
<meta name="theme-color" content="#fdfdfb" media="(prefers-color-scheme: light)">
<meta name="theme-color" content="#131516" media="(prefers-color-scheme: dark)">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="/static/icon.svg" type="image/svg+xml">
<link rel="alternate" type="application/atom+xml" title="{{ paper }}" href="/feed/">
<link rel="alternate" type="application/atom+xml" title="{{ paper }}: {{ story.section }}" href="{{ story.section_url }}feed/">
<link rel="alternate" type="application/atom+xml" title="{{ paper }}: {{ story.byline }}" href="{{ story.byline_url }}feed/">
<meta property="og:site_name" content="{{ paper }}">
<meta property="og:type" content="article">
<meta property="og:title" content="{{ story.title }}">
<meta property="og:description" content="{{ story.description }}">
<meta property="og:url" content="{{ story.canonical }}">
<meta property="article:published_time" content="{{ story.published }}">
<meta property="article:section" content="{{ story.section }}">
<meta property="article:author" content="{{ story.byline }}">
<script type="application/ld+json">{"@context":"https://schema.org","@type":"NewsArticle","@id":{{ (story.canonical + "#article") | JSON }},"url":{{ story.canonical | JSON }},"headline":{{ story.title | JSON }},"datePublished":{{ story.published | JSON }},"dateModified":{{ story.published | JSON }},"author":[{"@type":"Person","name":{{ story.byline | JSON }},"url":{{ (origin + story.byline_url) | JSON }}}],"publisher":{"@type":"NewsMediaOrganization","@id":{{ (origin + "/#publisher") | JSON }},"name":{{ paper | JSON }},"url":{{ (origin + "/") | JSON }},"correctionsPolicy":{{ (origin + "/corrections/") | JSON }}},"articleSection":[{{ story.section | JSON }}],"inLanguage":"en","wordCount":{{ story.words }},"timeRequired":"PT{{ story.minutes }}M","isAccessibleForFree":true,"description":{{ story.description | JSON }}}</script>
</head>
<body>
<a class="skip" href="#content">Skip to content</a>
<header class="masthead">
  <p class="masthead__name"><a href="/" rel="home">{{ paper }}</a></p>
  <nav class="sections" aria-label="Sections">
    <ul class="sections__list">
      <li><a href="/latest/"{% if story.canonical == origin + "/latest/" %} aria-current="page"{% endif %}>Latest</a></li>
      {% for item in navigation %}
      <li><a href="{{ item[1] }}"{% if story.canonical == origin + item[1] %} aria-current="page"{% endif %}>{{ item[0] }}</a></li>
      {% endfor %}
    </ul>
  </nav>
  <p class="masthead__search"><a href="/search/">Search</a></p>
</header>
<div class="layout">
<main id="content" class="page" tabindex="-1">
<article class="story">
  <nav class="breadcrumb" aria-label="Where you are"><ol><li><a href="/">{{ paper }}</a></li><li><a href="{{ story.section_url }}">{{ story.section }}</a></li></ol></nav>
  <header class="story__head">
    <h1 class="story__headline{% if story.title | length > 110 %} story__headline--long{% endif %}">{{ story.title }}</h1>
    {% if story.description %}<p class="story__standfirst">{{ story.description }}</p>{% endif %}
  </header>
  <div class="story__about">
    <p class="byline">By <a href="{{ story.byline_url }}" rel="author">{{ story.byline }}</a></p>
    <dl class="facts">
      <div><dt>Published</dt><dd><time datetime="{{ story.published }}">{{ story.published_shown }}</time></dd></div>
      <div><dt>Reading time</dt><dd>{{ story.minutes }} min</dd></div>
    </dl>
    <details class="share"><summary>Share</summary>
      <ul class="share__list">
        <li><a href="mailto:?subject={{ story.title | urlencode }}&amp;body={{ story.canonical | urlencode }}">E-mail</a></li>
        {% for way in ways %}
        <li><a href="{{ way[1] }}{{ story.canonical | urlencode }}&amp;text={{ story.title | urlencode }}" rel="noopener nofollow">{{ way[0] }}</a></li>
        {% endfor %}
      </ul>
    </details>
  </div>
  <div class="story__body">
{{ body | safe }}
  </div>
</article>
</main>
<aside class="rail" aria-labelledby="rail-title"><h2 id="rail-title"><a href="/latest/">Latest</a></h2>
<!--part:latest-->
</aside>
</div>
<footer class="footer">
  <p class="footer__name"><a href="/">{{ paper }}</a></p>
  <nav aria-label="All sections"><ul>
    {% for item in navigation %}
    <li><a href="{{ item[1] }}">{{ item[0] }}</a></li>
    {% endfor %}
  </ul></nav>
  <ul class="footer__service"><li><a href="/latest/">Latest</a></li><li><a href="/corrections/">Corrections</a></li><li><a href="/search/">Search</a></li><li><a href="/feed/">Feed</a></li></ul>
</footer>
<dialog class="viewer" data-viewer aria-label="Picture viewer">
  <div class="viewer__bar">
    <p class="viewer__count" data-viewer-count data-text="Picture {number} of {count}"></p>
    <button class="viewer__button" type="button" data-viewer-close>Close</button>
  </div>
  <figure class="viewer__figure">
    <div class="viewer__frame" data-viewer-frame></div>
    <figcaption class="viewer__caption" data-viewer-caption aria-live="polite"></figcaption>
  </figure>
  <div class="viewer__steps">
    <button class="viewer__button" type="button" data-viewer-previous>Previous picture</button>
    <button class="viewer__button" type="button" data-viewer-next>Next picture</button>
  </div>
</dialog>
</body>
</html>
"""  # noqa: E501
WAYS = [
    ("Bluesky", "https://bsky.app/intent/compose?u="),
    ("Facebook", "https://www.facebook.com/sharer/sharer.php?u="),
    ("LinkedIn", "https://www.linkedin.com/sharing/share-offsite/?url="),
    ("Telegram", "https://t.me/share/url?url="),
    ("WhatsApp", "https://wa.me/?u="),
    ("X", "https://x.com/intent/post?url="),
]
PELICAN_SETTINGS = """
AUTHOR = SITENAME = {paper!r}
SITEURL = {origin!r}
PATH, OUTPUT_PATH, THEME = "content", "output", "theme"
TIMEZONE, DEFAULT_LANG = "UTC", "en"
ARTICLE_PATHS, PAGE_PATHS, STATIC_PATHS = [""], [], []
AUTHOR_SAVE_AS = CATEGORY_SAVE_AS = TAG_SAVE_AS = DRAFT_SAVE_AS = ""
DIRECT_TEMPLATES, THEME_STATIC_PATHS, PLUGINS = [], [], []
FEED_ALL_ATOM = CATEGORY_FEED_ATOM = TRANSLATION_FEED_ATOM = None
AUTHOR_FEED_ATOM = AUTHOR_FEED_RSS = None
CACHE_CONTENT = LOAD_CONTENT_CACHE = DELETE_OUTPUT_DIRECTORY = False
JINJA_ENVIRONMENT = {{"autoescape": True, "trim_blocks": True, "lstrip_blocks": True}}
NAVIGATION, WAYS = {navigation!r}, {ways!r}
"""
ELEVENTY_SETTINGS = """
export default function (config) {{
  config.addGlobalData("paper", {paper});
  config.addGlobalData("origin", {origin});
  config.addGlobalData("navigation", {navigation});
  config.addGlobalData("ways", {ways});
  const blocks = {{ trimBlocks: true, lstripBlocks: true }};
  config.setNunjucksEnvironmentOptions({{ autoescape: true, ...blocks }});
}}
export const config = {{
  htmlTemplateEngine: false,
  markdownTemplateEngine: false,
  dir: {{ input: "content", includes: "../theme", output: "output" }},
}};
"""


def pelican(site: Path, pages: list[Page], *, markdown: bool) -> list[str]:
    """Write a site for Pelican; return the command that builds it."""
    theme = site / "theme" / "templates"
    theme.mkdir(parents=True)
    names = "{% set story = article %}{% set body = article.content %}{% set paper = SITENAME %}"
    names += "{% set origin = SITEURL %}{% set navigation = NAVIGATION %}{% set ways = WAYS %}"
    theme.joinpath("article.html").write_text(names + TEMPLATE.replace("| JSON", "| tojson"))
    first = pages[0]
    settings = PELICAN_SETTINGS.format(
        paper=first.paper, origin=first.origin, navigation=list(first.navigation), ways=WAYS
    )
    site.joinpath("pelicanconf.py").write_text(settings)
    kept = ("description", "canonical", "section", "section_url", "byline", "byline_url")
    kept += ("published", "published_shown", "minutes", "words")
    for number, page in enumerate(pages):
        fields = asdict(page)
        meta = {name: fields[name] for name in kept}
        meta |= {"date": page.published, "authors": page.byline, "slug": f"story-{number}"}
        meta |= {"save_as": f"{page.path}/index.html", "url": f"{page.path}/"}
        meta |= {"category": page.section, "summary": page.description}
        if markdown:
            lines = [f"{name}: {value}" for name, value in {"title": page.title, **meta}.items()]
            _write(site, f"story-{number}.md", "\n".join(lines) + "\n\n" + as_markdown(page.body))
            continue
        lines = [f'<meta name="{n}" content="{html.escape(v)}">' for n, v in meta.items()]
        text = f"<html><head><title>{html.escape(page.title)}</title>\n" + "\n".join(lines)
        _write(site, f"story-{number}.html", f"{text}\n</head><body>{page.body}</body></html>")
    return [
        str(_python(site.parent.parent)),
        "-m",
        "pelican",
        "--settings",
        "pelicanconf.py",
        "--quiet",
    ]


def eleventy(site: Path, pages: list[Page], *, markdown: bool) -> list[str]:
    """Write a site for Eleventy; return the command that builds it."""
    theme = site / "theme"
    theme.mkdir(parents=True)
    names = "{% set body = content %}"
    theme.joinpath("article.njk").write_text(names + TEMPLATE.replace("| JSON", "| dump | safe"))
    first = pages[0]
    values = {"paper": first.paper, "origin": first.origin}
    values |= {"navigation": list(first.navigation), "ways": WAYS}
    settings = ELEVENTY_SETTINGS.format(**{n: json.dumps(v) for n, v in values.items()})
    site.joinpath("eleventy.config.js").write_text(settings)
    site.joinpath("package.json").write_text('{"type": "module"}')
    for number, page in enumerate(pages):
        fields = asdict(page)
        story = {n: v for n, v in fields.items() if n not in {"body", "navigation"}}
        front = {"layout": "article.njk", "permalink": f"/{page.path}/index.html", "story": story}
        name = f"story-{number}.{'md' if markdown else 'html'}"
        text = as_markdown(page.body) if markdown else page.body
        _write(site, name, f"---json\n{json.dumps(front)}\n---\n{text}")
    return ["node", str(_node(site.parent.parent)), "--quiet"]


PEERS: dict[str, Build] = {
    "Pelican, Markdown": partial(pelican, markdown=True),
    "Pelican, HTML": partial(pelican, markdown=False),
    "Eleventy, Markdown": partial(eleventy, markdown=True),
    "Eleventy, HTML": partial(eleventy, markdown=False),
}


def run(command: list[str], site: Path) -> None:
    """Run a build to its end."""
    done = subprocess.run(
        command,
        cwd=site,
        check=False,
        timeout=MINUTES * 60,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if done.returncode:
        raise SystemExit(
            f"{' '.join(command)} ended with {done.returncode}:\n{done.stdout[-3000:]}"
        )


def as_markdown(body: str) -> str:
    """The same text as its writer would have typed it; what is left of HTML may stay in it."""
    for tag, mark in (("b", "**"), ("strong", "**"), ("i", "*"), ("em", "*")):
        body = body.replace(f"<{tag}>", mark).replace(f"</{tag}>", mark)
    body = re.sub(r"<h2[^>]*>(.*?)</h2>", r"\n\n## \1\n\n", body)
    return re.sub(r"</?p>", "\n\n", body).strip()


def _write(site: Path, name: str, text: str) -> None:
    folder = site / "content" / str(len(name))
    folder.mkdir(parents=True, exist_ok=True)
    folder.joinpath(name).write_text(text, "utf-8")


def _python(folder: Path) -> Path:
    """An interpreter that has Pelican."""
    environment = folder / "environment"
    python = environment / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", str(environment)], check=True)
        install = [str(python), "-m", "pip", "install", "--quiet", "--quiet", *PELICAN]
        subprocess.run(install, check=True)
    return python


def _node(folder: Path) -> Path:
    """Eleventy's program."""
    program = folder / "node_modules" / "@11ty" / "eleventy" / "cmd.cjs"
    if not program.exists():
        install = ["npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix", str(folder)]
        environment = {**os.environ, "npm_config_update_notifier": "false"}
        subprocess.run([*install, ELEVENTY], check=True, env=environment)
    return program
