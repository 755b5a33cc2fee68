"""The Web API: what an app can ask of the workspace, refused as Slack refuses it."""

from sandbox.api import apps, chat, conversations, files, reactions, usergroups, users, views

METHODS = {
    **apps.METHODS,
    **chat.METHODS,
    **conversations.METHODS,
    **files.METHODS,
    **reactions.METHODS,
    **usergroups.METHODS,
    **users.METHODS,
    **views.METHODS,
}
