"""What is answered by message."""

from workflows.answers.kinds import REFRESH, RESUMED
from workflows.owing import Owed

OWED = Owed("answers", outgoing=(REFRESH, RESUMED))
