from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def test_its_limits_hold(tmp_path: Path) -> None:
    """It cannot take more memory than it is given, nor write a file."""
    tries = (
        "import sys; from assess.kit.workbooks import limits; limits.limit_this_process()\n"
        "try:\n    bytearray(600 * 1024**2)\nexcept MemoryError:\n    print('no memory')\n"
        "try:\n    with open(sys.argv[1], 'w') as file:\n        file.write('x')\nexcept OSError:\n    print('no file')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", tries, str(tmp_path / "x")], capture_output=True, text=True, check=True, timeout=30
    )
    assert done.stdout.splitlines() == ["no memory", "no file"]
