"""Takes the README's picture: the Airflow UI of a running demo, in a headless browser.

python -m docs.screenshot http://127.0.0.1:PORT PASSWORD docs/images/airflow.png
"""

import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from selenium.webdriver import Chrome, ChromeOptions
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.support.wait import WebDriverWait

from demo.airflow_home import USER

WAIT_SECONDS = 60
"""How long a page may take; the first one of a fresh Airflow is slow."""

SIZE = "1400,900"
"""Width and height of the window."""


def has_browser() -> bool:
    """Whether Chromium and its driver are installed."""
    return all(shutil.which(name) for name in ("chromium", "chromedriver"))


@contextmanager
def headless() -> Iterator[Chrome]:
    """Give a browser without a window, for as long as the block lasts."""
    options = ChromeOptions()
    options.binary_location = shutil.which("chromium") or ""
    for flag in ("headless", "no-sandbox", "disable-gpu", "no-first-run", f"window-size={SIZE}",
                 "disable-background-networking", "disable-component-update", "disable-sync"):  # fmt: skip
        options.add_argument(f"--{flag}")
    browser = Chrome(options, Service(shutil.which("chromedriver")))
    try:
        yield browser
    finally:
        browser.quit()


@contextmanager
def signed_in(url: str, password: str) -> Iterator[Chrome]:
    """Open the UI in a headless browser and log in through its form."""
    with headless() as browser:
        browser.get(url)
        wait_for(browser, "input[name=username]").send_keys(USER)
        browser.find_element(By.CSS_SELECTOR, "input[name=password]").send_keys(password)
        browser.find_element(By.CSS_SELECTOR, "button[type=submit]").click()
        WebDriverWait(browser, WAIT_SECONDS).until(
            lambda b: "/login" not in urlsplit(b.current_url).path
        )
        yield browser


def wait_for(browser: Chrome, selector: str):  # noqa: ANN201 - selenium's own element
    """Return the first element that matches, once it is there."""
    found = WebDriverWait(browser, WAIT_SECONDS).until(
        lambda b: b.find_elements(By.CSS_SELECTOR, selector)
    )
    return found[0]


def shows(browser: Chrome, *texts: str) -> None:
    """Wait until the page shows all of these texts; raises TimeoutException with what it shows."""
    WebDriverWait(browser, WAIT_SECONDS).until(
        lambda b: all(text in b.find_element(By.TAG_NAME, "body").text for text in texts),
        f"not shown: {texts}",
    )


def main() -> None:
    """Take the picture of the newest run of ``crawl_world``."""
    url, password, out = sys.argv[1:]
    with signed_in(url, password) as browser:
        browser.get(f"{url}/dags/crawl_world")
        shows(browser, "discover_and_fetch", "reconcile")
        Path(out).parent.mkdir(parents=True, exist_ok=True)
        browser.save_screenshot(out)


if __name__ == "__main__":
    main()
