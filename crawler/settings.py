"""What differs from Scrapy's defaults, each with its reason. What depends on the run is set by one_crawl.py."""

from archive.content_coding import ACCEPT_ENCODING

BOT_NAME = "newsarchive"
SPIDER_MODULES = ["crawler.spiders"]

# Our robots rules fail closed; Scrapy's own take a 5xx or a dropped connection for "allowed".
ROBOTSTXT_OBEY = False

# One connection. The pause between requests is kept by the spider (crawler/pace.py), over all hosts
# of the publisher and from the end of one answer to the next question, so there is none here.
CONCURRENT_REQUESTS = 1
CONCURRENT_REQUESTS_PER_DOMAIN = 1
DOWNLOAD_DELAY = 0

# Both open ports; the remote control even runs code that is sent to it.
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False

# Redirects, retries and refusals are decided where the books are kept (crawler/fetcher.py); capture
# takes off the content coding after it has recorded the body as received. Nobody sends cookies,
# credentials or a referrer.
DOWNLOADER_MIDDLEWARES = {
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "scrapy.downloadermiddlewares.httpauth.HttpAuthMiddleware": None,
    "scrapy.downloadermiddlewares.retry.RetryMiddleware": None,
    "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": None,
    "scrapy.downloadermiddlewares.redirect.MetaRefreshMiddleware": None,
    "scrapy.downloadermiddlewares.redirect.RedirectMiddleware": None,
    "scrapy.downloadermiddlewares.cookies.CookiesMiddleware": None,
    "crawler.middlewares.manners.MannersMiddleware": 100,
    # After everything that changes a body on its way in: what is recorded is what was received.
    "crawler.middlewares.capture.CaptureMiddleware": 890,
}
COOKIES_ENABLED = False
RETRY_ENABLED = False
REDIRECT_ENABLED = False
METAREFRESH_ENABLED = False
REFERER_ENABLED = False

# A proxy in the environment would see, and could change, what we record.
HTTPPROXY_ENABLED = False

# Scrapy's limit leaves nothing that could be recorded: crawler/oversize.py has one that does.
DOWNLOAD_MAXSIZE = 0
DOWNLOAD_WARNSIZE = 0

# A name that leads into our own network is not asked (crawler/resolver.py).
TWISTED_DNS_RESOLVER = "crawler.resolver.PublicResolver"

# One slow page must not hold up the others for three minutes.
DOWNLOAD_TIMEOUT = 30

# What came before a connection broke is evidence, marked as truncated; it is not read as an article.
DOWNLOAD_FAIL_ON_DATALOSS = False

DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Language": "en-NZ,en;q=0.8",
    "Accept-Encoding": ACCEPT_ENCODING,
}

# Task logs are read in Airflow's screens: one JSON line an event (crawler/log.py), no page dumps.
LOG_LEVEL = "INFO"
LOG_INSTALL_ROOT_HANDLER = False
STATS_DUMP = False
LOGSTATS_INTERVAL = 0
EXTENSIONS = {
    "scrapy.extensions.logstats.LogStats": None,
    "scrapy.extensions.feedexport.FeedExporter": None,
    "crawler.oversize.SizeLimit": 0,
}
