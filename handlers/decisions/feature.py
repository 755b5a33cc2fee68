"""The decision log."""

from handlers.decisions import decide
from handlers.decisions.command import DECIDE
from handlers.telling import Feature

FEATURE = Feature("decisions", commands=(DECIDE,), listeners=(decide.register,))
