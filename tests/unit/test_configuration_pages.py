from pathlib import Path

import pytest

from scripts.write_configuration import files


@pytest.mark.parametrize("path", files(), ids=lambda path: path.name)
def test_a_page_shows_the_settings_that_the_services_have(path: Path) -> None:
    assert path.read_text(encoding="utf-8") == files()[path], "run: python -m scripts.write_configuration"
