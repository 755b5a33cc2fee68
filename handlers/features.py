"""The list of features: what each hears and says in Slack."""

from handlers import away, people, which
from handlers.alerts import feature as alerts
from handlers.answers import feature as answers
from handlers.decisions import feature as decisions
from handlers.escalations import feature as escalations
from handlers.home import feature as home
from handlers.inventory import feature as inventory
from handlers.pictures import feature as pictures
from handlers.registry import feature as registry
from handlers.rounds import feature as rounds
from handlers.telling import Feature
from handlers.updates import feature as updates
from handlers.why import feature as why

FEATURES = (
    updates.FEATURE,
    Feature("away", listeners=(away.register,)),
    Feature("which", listeners=(which.register,), forms=(which.FORM,)),
    Feature("people", listeners=(people.register,)),
    registry.FEATURE,
    escalations.FEATURE,
    decisions.FEATURE,
    rounds.FEATURE,
    home.FEATURE,
    why.FEATURE,
    inventory.FEATURE,
    pictures.FEATURE,
    answers.FEATURE,
    alerts.FEATURE,
)
