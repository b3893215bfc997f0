"""The picture of a run: body F1 against speed, and the other columns as small multiples."""

from pathlib import Path

import matplotlib as mpl

mpl.use("svg")
mpl.rcParams |= {"svg.hashsalt": "newsarchive", "font.size": 9}

from matplotlib import pyplot as plt  # noqa: E402 - it takes the settings above when it is imported
from matplotlib.axes import Axes  # noqa: E402

from benchmarks.extraction_report import COLUMNS, Measured, told  # noqa: E402
from benchmarks.extraction_systems import FUNDUS, OURS  # noqa: E402

BLUE, GREY = "#0072B2", "#555555"
"""Blue from the palette of Okabe and Ito; we also have another shape, and every point its name."""

SMALL = ("paraF1", "title", "auth", "sec", "bad", "leak")
LESS_IS_BETTER = {"bad", "leak"}


def draw(measured: Measured, file: Path) -> None:
    """Write the picture."""
    figure = plt.figure(figsize=(10, 11), layout="constrained")
    top, bottom = figure.subfigures(2, 1, height_ratios=(5, 6))
    _speed_and_quality(top.subplots(), measured)
    axes = bottom.subplots(2, 3, sharey=True)
    for place, column in zip(axes.flat, SMALL, strict=True):
        _column(place, measured, column)
    file.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(file, metadata={"Date": None})
    plt.close(figure)


def _speed_and_quality(axes: Axes, measured: Measured) -> None:
    # Fundus has no answer on most pages: its mean over all would squeeze the others together.
    systems = [name for name in measured.versions if name != FUNDUS.name]
    for name, (x, y) in {n: _place(measured, n) for n in systems}.items():
        look = _look(name)
        axes.errorbar(x, y, yerr=measured.half_interval(name, "F1"), capsize=3, **look)
        below = name in {"trafilatura", "newspaper4k", "jusText"}
        axes.annotate(
            name,
            (x, y),
            textcoords="offset points",
            xytext=(7, -12 if below else 5),
            color=look["color"],
            weight="bold" if name == OURS.name else "normal",
        )
    axes.set_xscale("log")
    axes.set_xlabel("pages per CPU second (more is better)")
    axes.set_ylabel("body F1 (more is better)")
    axes.set_title(
        f"{measured.scores.pages} real pages; bars: 95 % intervals, publishers resampled"
    )
    axes.margins(x=0.12)
    axes.grid(alpha=0.3)


def _place(measured: Measured, name: str) -> tuple[float, float]:
    return measured.pages_per_second(name), measured.scores.mean[name]["F1"]


def _column(axes: Axes, measured: Measured, column: str) -> None:
    names = list(measured.versions)[::-1]
    for row, name in enumerate(names):
        mean = told(measured.scores, name, column)
        if mean is None:
            axes.annotate("not told", (0.01, row), color=GREY, va="center", fontsize=8)
            continue
        axes.errorbar(
            mean, row, xerr=measured.half_interval(name, column), capsize=2, **_look(name)
        )
    labels = [f"{name}, all pages" if name == FUNDUS.name else name for name in names]
    axes.set_yticks(range(len(names)), labels)
    axes.set_xlim(-0.02, 1.02)
    better = "less is better" if column in LESS_IS_BETTER else "more is better"
    axes.set_title(f"{COLUMNS[column]} ({better})", fontsize=9)
    axes.grid(alpha=0.3, axis="x")


def _look(name: str) -> dict[str, str]:
    ours = name == OURS.name
    return {"color": BLUE if ours else GREY, "marker": "D" if ours else "o", "linestyle": "none"}
