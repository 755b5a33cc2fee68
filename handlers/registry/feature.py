"""The registry."""

from handlers.blocks.message import Message
from handlers.registry import (
    conversations,
    entering,
    handing_back,
    moved,
    planning,
    project,
    removing,
)
from handlers.registry.about_one import ABOUT_ONE
from handlers.registry.command import PROJECT
from handlers.registry.forms import FORMS
from handlers.registry.handed_back import handed_back
from handlers.telling import Feature, Telling, because, one_by_one
from storage.models import Notification
from workflows.people import names_of
from workflows.registry import handing_back as workflow
from workflows.registry.kinds import HANDED_BACK, MOVED
from workflows.registry.moved import slip_told_of
from workflows.registry.rights import contacts
from workflows.services import Services


def _moved(services: Services, notification: Notification) -> Message | None:
    slip = slip_told_of(services, notification)
    return moved.told(slip, contacts(services, slip.initiative)) if slip else None


def _handed_back(services: Services, notification: Notification) -> Message | None:
    found = workflow.handed_back(services, notification)
    if found is None:
        return None
    names = names_of(services, notification.workspace_id, [found.lead_id])
    return handed_back(found.initiative, names.get(found.lead_id, found.lead_id))


FEATURE = Feature(
    "registry",
    commands=(PROJECT,),
    forms=FORMS,
    about_one=ABOUT_ONE,
    listeners=(
        project.register,
        entering.register,
        planning.register,
        removing.register,
        conversations.register,
        handing_back.register,
    ),
    tellings=(
        Telling(
            MOVED,
            one_by_one(_moved),
            because(
                "Somebody changed a date that one of yours depends on. I tell you once for each "
                "change."
            ),
        ),
        Telling(
            HANDED_BACK,
            one_by_one(_handed_back),
            because(
                "You named this lead, or you look after the department or the programme. I tell "
                "you once."
            ),
        ),
    ),
)
