"""Inventories that people send."""

from handlers.blocks.message import Message
from handlers.forms import FormWords
from handlers.inventory import columns_form, inventory_view, sent_files
from handlers.telling import Feature, Telling, because, one_by_one
from storage.models import Notification
from workflows.inventory.kinds import INVENTORY
from workflows.inventory.sent_files import file_told_of, findings_of
from workflows.services import Services


def _inventory(services: Services, notification: Notification) -> Message | None:
    file = file_told_of(services, notification)
    if file is None:
        return None
    return inventory_view.told(file, findings_of(file) if file.findings else None)


FEATURE = Feature(
    "inventory",
    listeners=(sent_files.register,),
    forms=(
        FormWords(
            columns_form.CALLBACK_ID,
            "Not checked again",
            lambda _: "Nothing was stored. Press the button below the file again.",
            "Your choices are still here.",
        ),
    ),
    tellings=(
        Telling(
            INVENTORY,
            one_by_one(_inventory),
            because("You sent me a file. This message shows what is happening with it."),
        ),
    ),
)
