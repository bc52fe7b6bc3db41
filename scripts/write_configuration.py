"""Writes the settings of the three services into `docs/configuration.md` and `.env.example`.

`python -m scripts.write_configuration`, with the packages of the workspace installed.
"""

from collections.abc import Mapping
from pathlib import Path

from wearon_common.settings import ServiceSettings, describe_settings
from wearon_consumer.settings import ConsumerSettings
from wearon_generator.settings import GeneratorSettings
from wearon_sizing.settings import SizingSettings

ROOT = Path(__file__).parent.parent
SERVICES: Mapping[str, type[ServiceSettings]] = {
    "consumer": ConsumerSettings,
    "generator": GeneratorSettings,
    "sizing": SizingSettings,
}
_BEGIN, _END = "<!-- settings -->\n", "<!-- end of settings -->\n"
_ENV_HEAD = "# Every setting of the three services. Those that are not commented out are required.\n"

Setting = tuple[str, str, str]  # name, default, meaning


def files() -> dict[Path, str]:
    """Map each file to what it must say."""
    readers = _readers()
    page = ROOT / "docs" / "configuration.md"
    before, rest = page.read_text(encoding="utf-8").split(_BEGIN)
    after = rest.split(_END)[1]
    return {
        page: f"{before}{_BEGIN}{_table(readers)}{_END}{after}",
        ROOT / ".env.example": _ENV_HEAD + "".join(_env_lines(readers)),
    }


def _readers() -> dict[Setting, list[str]]:
    readers: dict[Setting, list[str]] = {}
    for service, kind in SERVICES.items():
        for setting in describe_settings(kind):
            readers.setdefault(setting, []).append(service)
    return dict(sorted(readers.items(), key=lambda item: (-len(item[1]), item[1], item[0])))


def _table(readers: dict[Setting, list[str]]) -> str:
    rows = [
        f"| `{name}` | {_shown(default)} | {', '.join(services)} | {meaning} |\n"
        for (name, default, meaning), services in readers.items()
    ]
    return "| variable | default | read by | meaning |\n|---|---|---|---|\n" + "".join(rows)


def _shown(default: str) -> str:
    return default if default in {"", "required", "automatic"} else f"`{default}`"


def _env_lines(readers: dict[Setting, list[str]]) -> list[str]:
    lines: dict[str, str] = {}
    for name, default, meaning in readers:
        value = "" if default in {"required", "automatic"} else default
        lines.setdefault(name, f"\n# {meaning}\n{'' if default == 'required' else '#'}{name}={value}\n")
    return list(lines.values())


if __name__ == "__main__":
    for path, text in files().items():
        path.write_text(text, encoding="utf-8")
