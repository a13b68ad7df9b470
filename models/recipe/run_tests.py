"""`npm run test:recipe`: makes models/recipe/.venv from requirements.txt (once per content) and runs the tests.

    python3 run_tests.py [--python PATH] [pytest's arguments]

--python uses an environment that is already there instead of making one.
"""

import argparse
import hashlib
import os
import subprocess
import sys
import venv
from pathlib import Path

HERE = Path(__file__).resolve().parent


def environment():
    """The folder's own environment, made again when the requirements change."""
    folder = HERE / ".venv"
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    requirements = HERE / "requirements.txt"
    wanted = hashlib.sha256(requirements.read_bytes()).hexdigest()
    stamp = folder / "requirements.sha256"
    if not stamp.exists() or stamp.read_text() != wanted:
        venv.create(folder, with_pip=True, clear=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", "-r", requirements], check=True)
        stamp.write_text(wanted)
    return python


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--python", type=Path)
    options, rest = parser.parse_known_args()
    python = options.python or environment()
    sys.exit(subprocess.run([python, "-m", "pytest", "-q", HERE, *rest], cwd=HERE, check=False).returncode)


if __name__ == "__main__":
    main()
