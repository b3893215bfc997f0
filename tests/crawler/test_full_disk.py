"""A disk that fills up in the middle of a crawl."""

import json
import subprocess
import sys
from pathlib import Path

from archive.codec import encode
from archive.errors import DiskFull
from archive.warc import read_pages
from tests.archive.warc_support import check
from tests.crawler.crawling import Crawling, records

LIMIT_KIB = 800


def test_a_full_disk_ends_the_crawl_and_keeps_what_was_written(
    crawling: Crawling, tmp_path: Path
) -> None:
    plan = crawling.plan()
    (tmp_path / "plan.json").write_bytes(encode(plan))
    settings = crawling.settings
    secret = settings.s3_secret_key.get_secret_value() if settings.s3_secret_key else ""
    values = settings.model_dump(mode="json") | {"s3_secret_key": secret}
    # A limit on the size of a file fails a write in its middle, as a full disk does.
    command = f"ulimit -f {LIMIT_KIB}; exec {sys.executable} -m crawler.run --settings-on-stdin"
    done = subprocess.run(
        ["bash", "-c", f"{command} --plan {tmp_path}/plan.json --summary {tmp_path}/s.json"],
        input=json.dumps(values),
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).parents[2],
    )
    assert done.returncode == 1
    last = json.loads(done.stderr.splitlines()[-1])
    assert last["level"] == "error"
    assert last["error"] == DiskFull.__name__
    assert "exc" not in last
    assert not (tmp_path / "s.json").exists()
    asked = len(crawling.newspaper.log)
    assert 10 < asked < 50
    # The next run, with room again, brings in what was whole.
    crawling.run(since=crawling.newspaper.edition.days[3], until=crawling.newspaper.edition.days[3])
    (rescued,) = [
        key
        for key in crawling.archive.store.list_keys("nzherald/warc/")
        if plan.run_id in key and key.endswith(".gz")
    ]
    content = crawling.archive.store.get(rescued)
    assert len(list(read_pages(content, file=rescued))) > 10
    assert list(records(content))[-1].end == len(content)
    (tmp_path / "rescued.warc.gz").write_bytes(content)
    check(tmp_path / "rescued.warc.gz")
