"""Dependencies of the built package: the lines of app.in, so that they are written once."""

from pathlib import Path

from hatchling.metadata.plugin.interface import MetadataHookInterface


class Dependencies(MetadataHookInterface):
    def update(self, metadata: dict) -> None:
        lines = (Path(self.root) / "requirements" / "app.in").read_text().splitlines()
        metadata["dependencies"] = [spec for line in lines if (spec := line.split("#")[0].strip())]
