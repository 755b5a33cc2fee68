"""The list of features: what each owes and sends."""

from workflows.alerts import owed as alerts
from workflows.answers import owed as answers
from workflows.escalations import owed as escalations
from workflows.home import owed as home
from workflows.inventory import owed as inventory
from workflows.pictures import owed as pictures
from workflows.registry import owed as registry
from workflows.rounds import owed as rounds
from workflows.updates import owed as updates

FEATURES = (
    rounds.OWED,
    updates.OWED,
    escalations.OWED,
    registry.OWED,
    inventory.OWED,
    home.OWED,
    pictures.OWED,
    answers.OWED,
    alerts.OWED,  # last: an audit comes after what it looks at
)
