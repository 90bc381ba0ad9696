"""`python -m benchmarks [NAME…]`: run all benchmarks, or those named, and print their figures."""

import importlib
import pkgutil
import platform
import sys

import benchmarks


def main(wanted: list[str]) -> None:
    """Print a heading and aligned figures for each benchmark; an unknown name ends with code 2."""
    known = [module.name for module in pkgutil.iter_modules(benchmarks.__path__) if not module.name.startswith("_")]
    known.remove("perturbations") if "perturbations" in known else None
    if unknown := set(wanted) - set(known):
        sys.exit(f"No such benchmark: {', '.join(sorted(unknown))}. There are: {', '.join(known)}.")
    print(f"Python {platform.python_version()} on {platform.machine()}")
    for name in wanted or known:
        module = importlib.import_module(f"benchmarks.{name}")
        print(f"\n── {(module.__doc__ or name).splitlines()[0]}", flush=True)
        for label, figure in module.run():
            print(f"   {label:<58} {figure}", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
