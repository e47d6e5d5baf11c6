"""Every diagnostic code, one class each, a file per stage. A file is loaded when it is needed, or all by `load_all`."""

from importlib import import_module
from pkgutil import iter_modules


def load_all() -> None:
    """Imports every file of this folder, so that `Diagnostic.registry` holds every code."""
    for file in iter_modules(__path__):
        import_module(f"{__name__}.{file.name}")
