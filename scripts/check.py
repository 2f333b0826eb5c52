"""Every check short of the tests, in named steps: `make check`.

All steps run; one that fails fails the whole. `python scripts/check.py lint types` runs these two.
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent

STEPS: dict[str, list[list[str | Path]]] = {
    "format": [[BIN / "ruff", "format", "--check", "."]],
    "lint": [[BIN / "ruff", "check", "."]],
    "types": [[BIN / "mypy"]],
    "import contracts": [
        [BIN / "lint-imports", "--no-logo", "--cache-dir", ".cache/import-linter"],
    ],
    "lock files": [[sys.executable, "scripts/check_locks.py"]],
    "vendored files": [[sys.executable, "scripts/vendor.py", "--check"]],
    "migrations": [[sys.executable, "scripts/check_migrations.py"]],
    # Twice: both commands promise that a second run changes nothing.
    "seed": [[BIN / "flask", "init"], [BIN / "flask", "demo"]] * 2,
}


def main() -> int:
    names = sys.argv[1:] or list(STEPS)
    if unknown := [name for name in names if name not in STEPS]:
        print(f"no such step: {', '.join(unknown)}; there are: {', '.join(STEPS)}")
        return 2
    passed = {name: runs_clean(name) for name in names}
    print("\n== make check")
    for name, ok in passed.items():
        print(f"{'ok    ' if ok else 'FAILED'} {name}")
    return 0 if all(passed.values()) else 1


def runs_clean(name: str) -> bool:
    print(f"\n== {name}", flush=True)
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="qianshou-check-") as var:
        # A database and files of its own: a check leaves those of `make run` alone.
        kept = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
        env = {**kept, "QIANSHOU_VAR": var}
        ok = all(
            subprocess.run(command, cwd=ROOT, env=env, check=False).returncode == 0
            for command in STEPS[name]
        )
    print(f"{'ok' if ok else 'FAILED'} ({time.monotonic() - started:.1f} s)", flush=True)
    return ok


if __name__ == "__main__":
    sys.exit(main())
