"""A real Chromium for the tests, with Chinese fonts whatever the machine has.

    with chromium_or_skip() as browser: page = browser.new_page() ...

The browser is the one $CHROMIUM_PATH names, else the pinned one that `make test` takes from npm,
else the machine's. Fonts come from static/vendor/fonts and npm alone: without a Chinese font all
Chinese text is invisible, and pictures would differ from machine to machine.
"""

import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import playwright
import pytest
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
NPM_CHROMIUM = ROOT / "node_modules" / "@sparticuz" / "chromium"
UNPACKED = ROOT / "node_modules" / ".chromium"
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"

FONT_DIRS = (
    ROOT / "static" / "vendor" / "fonts",
    # The regular weight that pages are set in; the portal itself needs only the bold one.
    ROOT / "node_modules" / "@expo-google-fonts" / "noto-sans-sc" / "400Regular",
)

ARGUMENTS = (
    "--no-sandbox",  # the sandbox refuses root
    "--no-zygote",
    "--disable-gpu",
    "--disable-dev-shm-usage",  # containers have a small /dev/shm
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    "--no-first-run",
)

MACHINE_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


class BrowserUnavailable(Exception):
    """This machine has no Chromium that could be started."""


@dataclass(frozen=True)
class Chromium:
    """An executable, and what its environment needs beyond ours."""

    executable: Path
    env: dict[str, str] = field(default_factory=dict)

    def starts(self) -> bool:
        """Whether it does: a snap's placeholder, or one that misses a library, does not."""
        try:
            command = [self.executable, "--version", "--no-sandbox"]
            env = {**os.environ, **self.env}
            answer = subprocess.run(command, env=env, capture_output=True, timeout=60, check=False)
        except (OSError, subprocess.TimeoutExpired):
            return False
        return answer.returncode == 0


@contextmanager
def chromium_or_skip() -> Iterator[Browser]:
    """Yield a browser, or skip the test; with REQUIRE_BROWSER=1 it fails instead."""
    with ExitStack() as stack:
        try:
            browser = stack.enter_context(chromium_browser())
        except BrowserUnavailable as error:
            if os.environ.get("REQUIRE_BROWSER") == "1":
                pytest.fail(str(error), pytrace=False)
            pytest.skip(str(error))
        yield browser


@contextmanager
def chromium_browser() -> Iterator[Browser]:
    """Start a headless browser; close it at the end."""
    chromium = find_chromium()
    if chromium is None:
        reason = "没有找到可用的 Chromium：make test 会从 npm 取得，也可把 CHROMIUM_PATH 设为其路径"
        raise BrowserUnavailable(reason)
    with (
        tempfile.TemporaryDirectory(prefix="qianshou-fonts-") as cache,
        sync_playwright() as driver,
    ):
        browser = driver.chromium.launch(
            executable_path=chromium.executable,
            args=list(ARGUMENTS),
            env={**os.environ, **chromium.env, "FONTCONFIG_FILE": str(font_settings(Path(cache)))},
        )
        try:
            yield browser
        finally:
            browser.close()


def find_chromium() -> Chromium | None:
    """Return the first browser that starts, or None."""
    if chosen := os.environ.get("CHROMIUM_PATH"):
        candidate = Chromium(Path(chosen))
        return candidate if candidate.starts() else None
    return next((candidate for candidate in _candidates() if candidate.starts()), None)


def _candidates() -> Iterator[Chromium]:
    if unpacked := _unpacked_from_npm():
        yield Chromium(unpacked / "chromium")
        # The package brings the libraries (NSS) that a bare machine lacks.
        yield Chromium(unpacked / "chromium", {"LD_LIBRARY_PATH": str(unpacked / "al2023" / "lib")})
    for name in MACHINE_BROWSERS:
        if path := shutil.which(name):
            yield Chromium(Path(path))
    if sys.platform == "darwin":
        yield Chromium(Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"))


def _unpacked_from_npm() -> Path | None:
    """Return the directory with npm's Chromium, unpacked (1.5 s) if it is the first time.

    The package itself would unpack to /tmp/chromium, a name that all users and runs share.
    """
    if not NPM_CHROMIUM.is_dir() or (sys.platform, platform.machine()) != ("linux", "x86_64"):
        return None
    if UNPACKED.is_dir():
        return UNPACKED
    fresh = Path(tempfile.mkdtemp(prefix=".chromium-", dir=UNPACKED.parent))
    script = """
        import { inflate } from '@sparticuz/chromium';
        for (const name of ['chromium', 'swiftshader.tar', 'al2023.tar'])
            await inflate(`node_modules/@sparticuz/chromium/bin/${name}.br`);
    """
    node = Path(playwright.__file__).parent / "driver" / "node"
    command = [node, "--input-type=module", "--eval", script]
    env = {**os.environ, "TMPDIR": str(fresh)}
    try:
        subprocess.run(command, cwd=ROOT, env=env, check=True, capture_output=True, timeout=120)
        fresh.chmod(0o755)
        fresh.rename(UNPACKED)
    except OSError:
        if not UNPACKED.is_dir():  # else another test process was faster
            raise
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return UNPACKED


def font_settings(directory: Path) -> Path:
    """Write a fontconfig file that knows our fonts only, with its cache in `directory`."""
    dirs = "".join(f"<dir>{path}</dir>" for path in FONT_DIRS if path.is_dir())
    preferred = "".join(
        f"<alias><family>{generic}</family><prefer><family>{font}</family></prefer></alias>"
        for generic, font in (
            ("sans-serif", "Noto Sans SC"),
            ("system-ui", "Noto Sans SC"),
            ("monospace", "Noto Sans SC"),
            ("serif", "Noto Serif SC"),
        )
    )
    path = directory / "fonts.conf"
    path.write_text(
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">'
        f"<fontconfig>{dirs}<cachedir>{directory}/cache</cachedir>{preferred}</fontconfig>\n",
        encoding="utf-8",
    )
    return path


def accessibility_violations(page: Page) -> list[dict[str, Any]]:
    """Return what axe finds against WCAG 2.1 AA: rule, help text and the elements concerned.

    Skips without axe. It is evaluated, not added as a <script>: the page's CSP refuses that.
    """
    if not AXE.is_file():
        reason = "没有 axe-core：make test 会从 npm 取得"
        if os.environ.get("REQUIRE_BROWSER") == "1":
            pytest.fail(reason, pytrace=False)
        pytest.skip(reason)
    page.evaluate(AXE.read_text("utf-8") + ";0")
    return page.evaluate(
        """async () => {
            const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'];
            const found = await axe.run(document, { runOnly: tags });
            return found.violations.map(({ id, help, nodes }) =>
                ({ id, help, nodes: nodes.map(node => node.target.join(' ')) }));
        }"""
    )
