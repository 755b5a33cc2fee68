"""The list of features: what is on it listens to Slack."""

from handlers import away, people, which
from handlers.home import showing as home
from handlers.inventory import sent_files
from handlers.registry import conversations, entering, handing_back, planning, project, removing
from handlers.rounds import reading
from handlers.updates import filing, heard, status
from handlers.why import showing as why

FEATURES = (
    status,
    away,
    filing,
    project,
    which,
    entering,
    planning,
    removing,
    conversations,
    reading,
    home,
    people,
    why,
    sent_files,
    heard,
    handing_back,
)
