"""The New Zealand Herald, section World. Data only; nothing here was learnt by asking the site."""

import re

from publishers.rules import AccessRules, StateRules
from publishers.spec import NewsSitemap, Publisher, SectionFeed, SectionPage, SitemapIndex

_FEEDS = "/arc/outboundfeeds"
_QUERY = "?outputType=xml&_website=nzh"

STATES = StateRules(
    kinds=(
        ("type", "video", "video"),
        ("type", "gallery", "gallery"),
        ("subtype", "gallery", "gallery"),
        ("type", "quiz", "quiz"),
        ("subtype", "quiz", "quiz"),
        ("subtype", "puzzle", "quiz"),
        ("owner.sponsored", "true", "sponsored"),
        ("subtype", "sponsored", "sponsored"),
    ),
    player_keys=("video", "customVideo", "brightcoveId"),
    not_found=(
        "404",
        "404 error",
        "404 not found",
        "error 404",
        "not found",
        "page not found",
        "page not found (404)",
        "page unavailable",
        "sorry, page not found",
        "sorry, we can't find that page",
        "we can't find that page",
        "we couldn't find that page",
    ),
)

ACCESS = AccessRules(
    flags=("isPremium",),
    free_codes=("free",),
    url_segments=("premium",),
    badges=("nzh-premium-badge",),
    subscriber_sections=("article-bottom-body",),
    public_sections=("article-top-body",),
    historic=(
        "#premium-toaster",
        ".article-offer",  # 2019 to 2021
        ".premium-sub",
        "#article-content.premium-content",  # 2019
    ),
    body_names=("article__body", "article-top-body", "article-bottom-body"),
    body_classes=(
        "article__body",
        "article-viva__body",
        "article__raw-html",
        "element-paragraph",  # each paragraph, about 2017 to 2020
        "storyHeader",  # about 2011; the body follows it and has no name
    ),
    side_names=("article-sidebar-bottom", "ad"),
    side_marks=(
        "#article-RHRLatestfrom",
        ".related-articles",
        "#ad-container",
        ".article__ad-wrapper",
    ),
    heading_names=("article__heading", "viva-article__heading"),
    byline_names=(
        "author--link",
        "author--role",
        "distributor--name",
        "author-display--date",
        "author-read-time",
    ),
    caption_names=("figure__caption",),
    states=STATES,
)

PUBLISHER = Publisher(
    name="nzherald",
    title="NZ Herald",
    origin="https://www.nzherald.co.nz",
    hosts=("www.nzherald.co.nz", "nzherald.co.nz"),
    section="world",
    section_path="/world/",
    timezone="Pacific/Auckland",
    agent_token="newsarchive",  # noqa: S106 - a word of the agent name, no secret
    announcements=(
        SitemapIndex(path=f"{_FEEDS}/sitemap-index/{_QUERY}"),
        NewsSitemap(path=f"{_FEEDS}/sitemap-news/{_QUERY}"),
        SectionFeed(path=f"{_FEEDS}/rss/section/world/{_QUERY}", section="world"),
        SectionPage(
            path="/world/",
            section="world",
            # Where these lie is not known for certain: below the section, or among the topics.
            menu=(
                "australia",
                "asia",
                "uk",
                "united states",
                "middle east",
                "europe",
                "pacific",
            ),
            menu_paths=("/topic/",),
        ),
    ),
    # The id tells articles apart, and its case matters; the slug may change or be shared. It is
    # 128 bits in base32, so that its last character stands for 3 bits only.
    article_pattern=re.compile(
        r"/(?P<section>[a-z0-9-]+(?:/[a-z0-9-]+)*?)/(?P<slug>[^/]+)"
        r"(?:/premium)?/(?P<id>[A-Z2-7]{25}[AEIMQUY4])/?"
    ),
    # Until 2020; these redirect to the article.
    old_pattern=re.compile(r"/(?P<section>[a-z0-9-]+(?:/[a-z0-9-]+)*?)(?:/news)?/article\.cfm"),
    old_key="objectid",
    sitemap_day_pattern=re.compile(
        rf"{_FEEDS}/sitemap[23]?/(?P<day>latest|\d{{4}}-\d\d-\d\d)(?:-\d+)?/?", re.ASCII
    ),
    denied_paths=(
        "/pf",
        "/search",
        "/resizer",
        "/login",
        "/log-in",
        "/logout",
        "/signin",
        "/sign-in",
        "/signup",
        "/sign-up",
        "/register",
        "/account",
        "/my-account",
        "/profile",
        "/auth",
        "/oauth",
        "/subscribe",
        "/subscription",
        "/subscriptions",
        "/comment",
        "/comments",
    ),
    denied_queries=(("outputtype", "json"),),
    drop_query=(
        "utm_*",
        "ref",
        "ref_*",
        "_ga",
        "_gl",
        "fbclid",
        "gclid",
        "msclkid",
        "mc_cid",
        "mc_eid",
    ),
    # On old addresses (``article.cfm``) these two are the identity, so they go from new ones only.
    drop_article_query=("c_id", "objectid", "outputType"),
    reader="nzherald",
    access=ACCESS,
)
"""NZ Herald as it is crawled live; ``with_origin`` gives the made-up newspaper."""
