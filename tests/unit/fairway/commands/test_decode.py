"""That `fairway decode` says in one sentence what it cannot read."""

from pathlib import Path

import pytest

from fairway.errors import BadSetting
from services.offline import decode


def test_a_file_name_that_is_too_long_to_decode_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(BadSetting, match="cannot be read: File name too long"):
        decode([str(tmp_path / ("x" * 300))])


def test_a_folder_that_is_empty_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(BadSetting, match="has no files in it"):
        decode([str(tmp_path)])
