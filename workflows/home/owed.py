"""What shows the App Home."""

from workflows.home.kinds import HOME
from workflows.owing import Owed

OWED = Owed("home", outgoing=(HOME,))
