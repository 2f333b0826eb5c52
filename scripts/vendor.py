"""Copy the front-end files and fonts that the portal serves from node_modules to static/vendor.

static/vendor is committed, so that running the portal needs no npm. To move a version: edit
package.json, `make vendor`, commit. `--check` proves that what is committed is what was copied,
in the versions of package.json; with the packages installed it compares their content too.
"""

import argparse
import hashlib
import json
import re
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ROOT / "node_modules"
VENDOR = ROOT / "static" / "vendor"
INDEX = VENDOR / "VERSIONS.json"

SERIF = "@expo-google-fonts/noto-serif-sc"
SANS = "@expo-google-fonts/noto-sans-sc"

# Target below static/vendor, package, path in the package.
COPIES = (
    ("bootstrap.min.css", "bootstrap", "dist/css/bootstrap.min.css"),
    ("bootstrap.bundle.min.js", "bootstrap", "dist/js/bootstrap.bundle.min.js"),
    ("licenses/bootstrap.txt", "bootstrap", "LICENSE"),
    ("licenses/popper.txt", "@popperjs/core", "LICENSE.md"),  # inside the bootstrap bundle
    ("echarts.min.js", "echarts", "dist/echarts.min.js"),
    ("licenses/echarts.txt", "echarts", "LICENSE"),
    ("licenses/echarts-notice.txt", "echarts", "NOTICE"),
    ("licenses/echarts-d3.txt", "echarts", "licenses/LICENSE-d3"),
    ("licenses/tslib.txt", "tslib", "CopyrightNotice.txt"),  # inside the echarts bundle
    ("licenses/zrender.txt", "zrender", "LICENSE"),  # as is this
    ("htmx.min.js", "htmx.org", "dist/htmx.min.js"),
    ("licenses/htmx.txt", "htmx.org", "LICENSE"),
    ("bootstrap-icons/bootstrap-icons.svg", "bootstrap-icons", "bootstrap-icons.svg"),
    ("licenses/bootstrap-icons.txt", "bootstrap-icons", "LICENSE"),
    ("fonts/NotoSerifSC-Regular.ttf", SERIF, "400Regular/NotoSerifSC_400Regular.ttf"),
    ("fonts/NotoSerifSC-Bold.ttf", SERIF, "700Bold/NotoSerifSC_700Bold.ttf"),
    ("fonts/OFL-NotoSerifSC.txt", SERIF, "LICENSE_FONT"),
    ("fonts/NotoSansSC-Bold.ttf", SANS, "700Bold/NotoSansSC_700Bold.ttf"),
    ("fonts/OFL-NotoSansSC.txt", SANS, "LICENSE_FONT"),
)

# SPDX names; the font packages are MIT code around OFL fonts, and only the fonts are copied.
LICENSES = {
    "@popperjs/core": "MIT",
    "bootstrap": "MIT",
    "bootstrap-icons": "MIT",
    "echarts": "Apache-2.0",
    "htmx.org": "0BSD",
    "tslib": "0BSD",
    "zrender": "BSD-3-Clause",
    SERIF: "OFL-1.1",
    SANS: "OFL-1.1",
}

# The whole sprite weighs 1.1 MB; only the symbols that pages may use are served.
ICONS = frozenset((ROOT / "scripts" / "icons.txt").read_text("utf-8").split())

SOURCE_MAP = re.compile(rb"\s*(?://# sourceMappingURL=\S+|/\*# sourceMappingURL=[^*]+\*/)\s*$")
SYMBOL = re.compile(r'<symbol\b[^>]*\bid="(?P<id>[^"]+)".*?</symbol>', re.DOTALL)


@dataclass(frozen=True)
class VendoredFile:
    """One line of VERSIONS.json."""

    file: str
    name: str
    version: str
    license: str
    sha256: str


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument(
        "--check", action="store_true", help="change nothing; exit 1 on a difference"
    )
    if parser.parse_args().check:
        faults = find_faults()
        for fault in faults:
            print(fault)
        print("static/vendor: " + (f"{len(faults)} fault(s)" if faults else "as recorded"))
        return 1 if faults else 0
    copy_all()
    return 0


def copy_all() -> None:
    versions = declared_versions()
    lines = []
    for target, package, source in COPIES:
        if installed_version(package) != versions[package]:
            sys.exit(f"{package} {versions[package]} is not installed: run `make vendor`")
        content = prepared(target, (PACKAGES / package / source).read_bytes())
        path = VENDOR / target
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        lines.append(
            VendoredFile(target, package, versions[package], LICENSES[package], digest(content))
        )
    index = [asdict(line) for line in lines]
    INDEX.write_text(json.dumps(index, indent=2) + "\n", encoding="utf-8")
    for path in strays():
        path.unlink()
    print(f"static/vendor: {len(lines)} files")


def find_faults() -> list[str]:
    """Every difference between package.json, VERSIONS.json, static/vendor and, if there, npm's copy."""
    versions = declared_versions()
    recorded = {line["file"]: VendoredFile(**line) for line in json.loads(INDEX.read_text("utf-8"))}
    faults = [f"{path.relative_to(ROOT)}: not listed in scripts/vendor.py" for path in strays()]
    for target, package, source in COPIES:
        path = VENDOR / target
        if target not in recorded or not path.is_file():
            faults.append(f"static/vendor/{target}: missing; run `make vendor`")
            continue
        sha256 = digest(path.read_bytes())
        if sha256 != recorded[target].sha256:
            faults.append(f"static/vendor/{target}: edited after it was copied")
        if versions[package] != recorded[target].version:
            faults.append(
                f"static/vendor/{target}: {package} {recorded[target].version}, "
                f"package.json wants {versions[package]}; run `make vendor`"
            )
        elif installed_version(package) == versions[package]:
            original = prepared(target, (PACKAGES / package / source).read_bytes())
            if digest(original) != sha256:
                faults.append(f"static/vendor/{target}: not what {package} contains")
    return faults


def prepared(target: str, content: bytes) -> bytes:
    """Content as it is served: no reference to source maps that are not there, only our icons."""
    if target.endswith((".css", ".js")):
        return SOURCE_MAP.sub(b"\n", content)
    if target == "bootstrap-icons/bootstrap-icons.svg":
        return reduced_sprite(content.decode()).encode()
    return content


def reduced_sprite(sprite: str) -> str:
    symbols = {match["id"]: match[0] for match in SYMBOL.finditer(sprite)}
    if unknown := sorted(ICONS - symbols.keys()):
        sys.exit(f"bootstrap-icons has no symbol {', '.join(unknown)}")
    chosen = "\n".join(symbols[name] for name in sorted(ICONS))
    return f'<svg xmlns="http://www.w3.org/2000/svg">\n{chosen}\n</svg>\n'


def strays() -> list[Path]:
    expected = {VENDOR / target for target, _, _ in COPIES} | {INDEX}
    return sorted(path for path in VENDOR.rglob("*") if path.is_file() and path not in expected)


def declared_versions() -> dict[str, str]:
    package_json = json.loads((ROOT / "package.json").read_text("utf-8"))
    versions: dict[str, str] = package_json["devDependencies"] | package_json["dependencies"]
    return versions


def installed_version(package: str) -> str | None:
    path = PACKAGES / package / "package.json"
    return json.loads(path.read_text("utf-8"))["version"] if path.is_file() else None


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


if __name__ == "__main__":
    sys.exit(main())
