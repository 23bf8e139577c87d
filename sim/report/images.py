"""Figures as PNG or SVG, drawn by a browser that is found as $SIM_BROWSER or on the path."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import plotly.graph_objects as go

from sim.errors import SimError

_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")
_VARIABLE = "BROWSER_PATH"
_SCALE = 2


def browser() -> str:
    """Return the path of a browser; say what to do where there is none."""
    named = os.environ.get("SIM_BROWSER")
    found = named or next((path for name in _BROWSERS if (path := shutil.which(name))), None)
    if found is None:
        raise SimError("images are drawn by a browser, and none was found: install chromium, or set SIM_BROWSER to one")
    return found


def write_images(figures: Mapping[Path, go.Figure]) -> None:
    """Write figures to their paths, as what the endings say."""
    try:
        import kaleido  # noqa: F401
    except ImportError:
        raise SimError("images need the package kaleido: pip install 'backchannel[images]'") from None
    import plotly.io

    with _used(browser()):
        widths = [figure.layout.meta["width"] for figure in figures.values()]
        heights = [figure.layout.height for figure in figures.values()]
        plotly.io.write_images(
            fig=list(figures.values()), file=list(figures), width=widths, height=heights, scale=_SCALE
        )


@contextmanager
def _used(path: str) -> Iterator[None]:
    """Let the drawing use a browser."""
    before = os.environ.get(_VARIABLE)
    os.environ[_VARIABLE] = path
    try:
        yield
    finally:
        if before is None:
            del os.environ[_VARIABLE]
        else:
            os.environ[_VARIABLE] = before
