"""What APScheduler imports and the coach never uses stays out of the daemon's memory: 1.8 MiB.

To be imported before anything imports APScheduler. It sees stand-ins for two modules of the standard library while it
is imported: for the list of installed plug-ins, which costs a parser of e-mail, and for pools of processes. Whoever
else asks for these modules gets the real ones. WORKAROUND APScheduler 3: both imports are at the top of its modules
(apscheduler/schedulers/base.py, apscheduler/executors/pool.py).
"""

from __future__ import annotations

import sys
from types import ModuleType


def _stand_in(name: str, **has: object) -> ModuleType:
    module = ModuleType(name)
    vars(module).update(has)
    return module


def _import_scheduler() -> None:
    stand_ins = (
        _stand_in(
            "importlib.metadata",
            entry_points=lambda **_group: (),  # plug-ins are looked up by name; the coach hands over objects
            version=lambda _package: "3",
            PackageNotFoundError=ImportError,
        ),
        _stand_in("concurrent.futures.process", BrokenProcessPool=RuntimeError),
    )
    used = [one for one in stand_ins if sys.modules.setdefault(one.__name__, one) is one]
    try:
        import apscheduler.schedulers.asyncio  # noqa: F401
    finally:
        for one in used:
            del sys.modules[one.__name__]


_import_scheduler()
