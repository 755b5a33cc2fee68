"""What is sent of pictures."""

from workflows.owing import Owed
from workflows.pictures.kinds import PICTURE

OWED = Owed("pictures", outgoing=(PICTURE,))
