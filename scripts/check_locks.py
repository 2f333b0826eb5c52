"""Check that the lock files hold every declared version, a hash for each, and no address.

An address in a lock file would tie the project to the registry of whoever locked it.
"""

import json
import re
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
REQUIREMENT = re.compile(r"^(?P<name>[a-z0-9-]+)(?:\[[^]]+\])?==(?P<version>[^ ;]+)")


def main() -> int:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    runtime = project["project"]["dependencies"]
    dev = project["dependency-groups"]["dev"]
    faults = [
        *faults_in_python_lock("requirements.lock", runtime),
        *faults_in_python_lock("requirements-dev.lock", runtime + dev),
        *faults_in_python_lock("requirements-uv.lock", []),
        *faults_in_npm_lock(),
    ]
    for fault in faults:
        print(fault)
    print("lock files: " + (f"{len(faults)} fault(s)" if faults else "complete"))
    return 1 if faults else 0


def faults_in_python_lock(name: str, declared: list[str]) -> list[str]:
    text = (ROOT / name).read_text("utf-8")
    faults = []
    if "://" in text:
        faults.append(f"{name}: contains an address")
    locked = {}
    for entry in re.split(r"\n(?=\S)", text.strip()):
        pin = pinned(entry)
        if pin is None or "--hash=sha256:" not in entry:
            faults.append(f"{name}: no exact version or no hash: {entry.partition(' ')[0]}")
        else:
            locked[pin[0]] = pin[1]
    for requirement in declared:
        pin = pinned(requirement)
        if pin is None:
            faults.append(f"pyproject.toml: no exact version: {requirement}")
        elif locked.get(pin[0]) != pin[1]:
            faults.append(f"{name}: {requirement} is not locked; run `make lock`")
    return faults


def pinned(requirement: str) -> tuple[str, str] | None:
    match = REQUIREMENT.match(requirement)
    return (match["name"], match["version"]) if match else None


def faults_in_npm_lock() -> list[str]:
    declared = json.loads((ROOT / "package.json").read_text("utf-8"))
    packages = json.loads((ROOT / "package-lock.json").read_text("utf-8"))["packages"]
    faults = []
    for path, package in packages.items():
        if path and "integrity" not in package:
            faults.append(f"package-lock.json: {path}: no hash")
        if "resolved" in package:
            faults.append(f"package-lock.json: {path}: contains an address")
    for name, version in (declared["dependencies"] | declared["devDependencies"]).items():
        if packages.get(f"node_modules/{name}", {}).get("version") != version:
            faults.append(f"package-lock.json: {name} {version} is not locked; run `npm install`")
    return faults


if __name__ == "__main__":
    sys.exit(main())
