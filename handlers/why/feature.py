"""Why somebody got a message."""

from handlers.telling import Feature
from handlers.why import showing

FEATURE = Feature("why", listeners=(showing.register,))
