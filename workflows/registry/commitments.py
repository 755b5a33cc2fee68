"""The registry's dates and dependencies as the graph that slips run through."""

from storage import dependencies
from storage.reading import Reader
from workflows.registry.cascade import Commitment, Graph, Need
from workflows.registry.facts import DependencyFacts, Facts, MilestoneFacts


def load_graph(reader: Reader, workspace_id: str) -> Graph:
    """Return every commitment of a workspace, and what waits for what."""
    return Graph(*load_commitments(reader, workspace_id))


def load_commitments(reader: Reader, workspace_id: str) -> tuple[dict[str, Commitment], list[Need]]:
    """Return every commitment of a workspace by its name, and what waits for what."""
    commitments = {
        key: Commitment(target_on, target_on)
        for key, target_on in dependencies.commitments(reader, workspace_id)
    }
    needs = []
    for key, number, committed, forecast, reached in dependencies.all_milestones(
        reader, workspace_id
    ):
        name = milestone_name(key, number)
        commitments[name] = Commitment(committed, reached or forecast, reached is not None)
        needs.append(Need(key, name))  # an initiative waits for its own milestones
    for key, own, thing, need_by in dependencies.all_needs(reader, workspace_id):
        needs.append(Need(milestone_name(key, own) if own else key, thing, need_by))
    return commitments, needs


def milestone_name(key: str, number: int) -> str:
    """Return what a milestone is called among commitments: FIN-01/M2."""
    return f"{key}/M{number}"


def commitment_of(milestone: MilestoneFacts) -> Commitment:
    """Return what a milestone promises."""
    expected_on = milestone.reached_on or milestone.forecast_on
    return Commitment(milestone.committed_on, expected_on, milestone.reached_on is not None)


def commitments_of(key: str, facts: Facts) -> dict[str, Commitment]:
    """Return what one entry promises, by the commitments' names."""
    own = {milestone_name(key, one.number): commitment_of(one) for one in facts.milestones}
    return {key: Commitment(facts.target_on, facts.target_on), **own}


def need_of(key: str, dependency: DependencyFacts) -> Need:
    """Return what an initiative's dependency on another waits for."""
    number = dependency.milestone
    waiting = milestone_name(key, number) if number else key
    return Need(waiting, dependency.thing, dependency.need_by)
