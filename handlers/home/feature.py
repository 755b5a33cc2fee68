"""The App Home, and the one list that heads it."""

from handlers.home import asking, showing
from handlers.home.command import AI
from handlers.telling import Feature

FEATURE = Feature("home", commands=(AI,), listeners=(showing.register, asking.register))
