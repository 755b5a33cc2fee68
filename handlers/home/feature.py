"""The App Home."""

from handlers.home import showing
from handlers.telling import Feature

FEATURE = Feature("home", listeners=(showing.register,))
