"""Reads seed files, and says of each fault in which file and field it is."""

from pathlib import Path
from typing import Annotated, Any, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

FOLDER = Path(__file__).parent
Text = Annotated[str, Field(min_length=1)]


class SeedError(Exception):
    """A seed file has a fault; the message names the file and the field."""


class SeedEntry(BaseModel):
    """What a seed file may say: nothing that is not expected."""

    model_config = ConfigDict(extra="forbid", frozen=True)


Model = TypeVar("Model", bound=SeedEntry)


def read_seed(model: type[Model], file: Path) -> Model:
    """Read one file.

    Raises:
        SeedError: with every fault, its file and its field.
    """
    try:
        return model.model_validate(yaml.safe_load(file.read_text(encoding="utf-8")))
    except yaml.YAMLError as error:
        raise SeedError(f"{file.name}: {error}") from None
    except ValidationError as error:
        raise SeedError("\n".join(_fault(file.name, fault) for fault in error.errors())) from None


def _fault(file_name: str, fault: Any) -> str:
    path = ".".join(str(part) for part in fault["loc"])
    return f"{file_name}, {path}: {fault['msg'].removeprefix('Value error, ')}"
