"""The coach never opens a network connection, so `ssl` is closed to it: asyncio then spares its 4 MiB.

To be imported before asyncio is (docs/decisions/001-loop.md).
"""

import sys

sys.modules.setdefault("ssl", None)  # type: ignore[arg-type]  # None makes `import ssl` fail, which asyncio allows for
