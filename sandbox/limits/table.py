"""The table block."""

from typing import Annotated, Any, Literal

from pydantic import Field

from sandbox.limits.rich_text import RichText
from sandbox.limits.strict import Id, Maybe, NonEmpty, Strict, one_of

MOST_ROWS, MOST_COLUMNS = 100, 20


class RawText(Strict):
    """A cell of words."""

    type: Literal["raw_text"]
    text: NonEmpty


class ColumnSettings(Strict):
    """How a column is set."""

    align: Maybe[Literal["left", "center", "right"]] = None
    is_wrapped: Maybe[bool] = None


Row = Annotated[
    list[Annotated[Any, one_of(RawText, RichText)]],
    Field(min_length=1, max_length=MOST_COLUMNS),
]


class Table(Strict):
    """Rows of cells; a column that is not set is null in `column_settings`."""

    type: Literal["table"]
    block_id: Maybe[Id] = None
    rows: Annotated[list[Row], Field(min_length=1, max_length=MOST_ROWS)]
    column_settings: Maybe[
        Annotated[list[ColumnSettings | None], Field(max_length=MOST_COLUMNS)]
    ] = None
