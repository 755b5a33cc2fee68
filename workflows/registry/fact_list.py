"""Every fact of a registry entry, declared once: as it is called, asked, exported and imported.

What it may hold is in `facts.py`, under the same name; a test compares. The form, its labels, the
columns of an export and what people call the columns of their files follow from here.
"""

from dataclasses import dataclass
from enum import StrEnum

PURPOSE, MEANS, PLAN = 1, 2, 3  # the steps of the form


class Kind(StrEnum):
    """What a fact is, and so what stands in its column."""

    KEY = "key"
    NAME = "name"  # short, hardly ever twice
    GROUP = "group"  # short, and the same in many rows
    TEXT = "text"  # sentences
    STAGE = "stage"
    DATE = "date"
    MONEY = "money"
    NUMBER = "number"
    PERSON = "person"
    LINES = "lines"  # as the export writes milestones and dependencies


@dataclass(frozen=True)
class Fact:
    """One fact; `called` are names of its column in five languages and in tools, parted by |."""

    name: str  # in the code and the tables
    label: str  # as people read it
    kind: Kind
    called: str = ""  # "": no column holds it
    step: int | None = None  # of the form; None: it has a form of its own
    asks: str = ""  # in its empty field
    heading: str = ""  # of its column in an export; "": its label
    is_required: bool = False

    @property
    def column(self) -> str:
        """Return the heading of its column in an export."""
        return self.heading or self.label


# In the order of the form and of an export's columns.
FACTS = (
    Fact(
        "name",
        "Name",
        Kind.NAME,
        "name|title|use case name|use case title|project name|project title|project|"
        "initiative|initiative name|initiative title|ai use case|use case|task name|"
        "epic name|bezeichnung|titel|projekt|projektname|projekttitel|projektbezeichnung|"
        "vorhaben|name des vorhabens|vorhabenbezeichnung|anwendungsfall|nom|nom du projet|"
        "intitulé|intitulé du projet|titre|titre du projet|projet|nom de l'initiative|"
        "cas d'usage|naam|projectnaam|projecttitel|nombre|nombre del proyecto|título|"
        "título del proyecto|proyecto|iniciativa|nombre de la iniciativa|vorgangsname|"
        "nom de la tâche|taaknaam|nombre de tarea|primary column",
        step=PURPOSE,
        is_required=True,
    ),
    Fact(
        "department",
        "Department",
        Kind.GROUP,
        "department|dept|department name|agency|agency name|division|business unit|"
        "organisation|organization|org unit|organizational unit|organisational unit|"
        "directorate|ministry|business area|abteilung|bereich|fachbereich|fachabteilung|"
        "ressort|referat|amt|geschäftsbereich|organisationseinheit|dezernat|département|"
        "direction|service|pôle|entité|direction métier|afdeling|directie|dienst|"
        "bedrijfsonderdeel|departamento|área|dirección|unidad|unidad de negocio|gerencia|"
        "org einheit|área responsable|unidad responsable|responsible department|"
        "responsible unit|verantwortliche abteilung|zuständige abteilung|"
        "direction responsable|service responsable|verantwoordelijke afdeling",
        step=PURPOSE,
        is_required=True,
    ),
    Fact(
        "stage",
        "Stage",
        Kind.STAGE,
        "stage|stage of development|development stage|status|phase|lifecycle stage|"
        "lifecycle phase|state|maturity|entwicklungsstand|projektphase|projektstatus|"
        "reifegrad|stand|état|statut|avancement|étape|état d'avancement|fase|stadium|"
        "projectstatus|voortgang|estado|etapa|situación|deployment status|lifecycle",
        step=PURPOSE,
        is_required=True,
    ),
    Fact(
        "lead_id",
        "Lead",
        Kind.PERSON,
        "lead|owner|project lead|project manager|project owner|responsible|"
        "responsible person|person responsible|contact|contact person|point of contact|"
        "assignee|assigned to|product owner|accountable|accountable person|lead name|"
        "owner name|owner email|lead email|assignee email|resource names|verantwortlich|"
        "verantwortliche|verantwortlicher|verantwortliche person|leitung|projektleitung|"
        "projektleiter|ansprechpartner|zuständig|ansprechperson|responsable|"
        "responsable du projet|chef de projet|porteur|porteur du projet|cheffe de projet|"
        "projectleider|verantwoordelijke|eigenaar|contactpersoon|encargado|líder|"
        "líder del proyecto|jefe de proyecto|responsable del proyecto|ressourcennamen|"
        "resourcenamen|noms ressources|noms des ressources|nombres de los recursos",
        step=PURPOSE,
    ),
    Fact(
        "deputy_ids",
        "Deputies",
        Kind.PERSON,
        "deputies|deputy|stands in|backup|stellvertretung|stellvertreter|suppléant|adjoint|"
        "plaatsvervanger|suplente",
        step=PURPOSE,
    ),
    Fact(
        "objective",
        "Objective",
        Kind.TEXT,
        "objective|objectives|purpose|description|goal|goals|summary|intended purpose|"
        "intended purpose and expected benefits|use case description|project description|"
        "problem statement|ziel|ziele|zweck|beschreibung|zielsetzung|kurzbeschreibung|"
        "objectif|objectifs|but|finalité|doel|doelstelling|omschrijving|beschrijving|"
        "objetivo|objetivos|descripción|propósito|finalidad",
        step=PURPOSE,
        asks="What will be different when it is done?",
    ),
    Fact(
        "outcome",
        "Business outcome",
        Kind.TEXT,
        "business outcome|outcome|outcomes|benefit|benefits|expected benefits|"
        "expected outcome|business value|nutzen|mehrwert|ergebnis|bénéfice|bénéfices|"
        "gains attendus|résultat|résultats attendus|baten|voordelen|meerwaarde|beneficio|"
        "beneficios|resultado|resultados esperados",
        step=PURPOSE,
        asks="Which business figure will change?",
    ),
    Fact(
        "topic",
        "Topic",
        Kind.GROUP,
        "topic|topic area|use case topic area|category|theme|thema|kategorie|themenfeld|"
        "catégorie|thème|domaine|onderwerp|categorie|tema|categoría",
        step=PURPOSE,
    ),
    Fact(
        "stakeholders",
        "Stakeholders",
        Kind.TEXT,
        "stakeholders|stakeholder|beteiligte|parties prenantes|belanghebbenden|"
        "partes interesadas|interesados",
        step=MEANS,
        asks="Who has to agree, and who needs to know?",
    ),
    Fact(
        "data",
        "Shared data",
        Kind.TEXT,
        "shared data|data|data used|datasets|data sources|daten|datenquellen|données|"
        "sources de données|gegevens|databronnen|datos|fuentes de datos",
        step=MEANS,
        asks="Which data does it read or change, and whose is it?",
    ),
    Fact(
        "skills",
        "People, by skill",
        Kind.TEXT,
        "people by skill|skills|roles needed|kompetenzen|compétences|vaardigheden|competencias",
        step=MEANS,
        asks="Two data engineers from March, half a lawyer …",
        heading="People by skill",
    ),
    Fact(
        "compute",
        "Compute",
        Kind.TEXT,
        "compute|computing resources|infrastructure needed|rechenleistung|"
        "ressources de calcul|rekenkracht",
        step=MEANS,
        asks="Four GPUs for ten days in April …",
    ),
    Fact(
        "starts_on",
        "Start",
        Kind.DATE,
        "start|start date|date initiated|initiated|begin|begin date|started|kickoff|kick off|"
        "commencement date|beginn|startdatum|anfang|starttermin|beginndatum|projektbeginn|"
        "projektstart|début|date de début|démarrage|date de démarrage|date de lancement|"
        "lancement|begindatum|aanvang|inicio|fecha de inicio|fecha inicio",
        step=PLAN,
    ),
    Fact(
        "target_on",
        "Target",
        Kind.DATE,
        "target|target date|end date|due date|due|deadline|finish|finish date|end|"
        "completion date|planned end|planned completion|go live|go live date|go-live|ende|"
        "enddatum|zieldatum|endtermin|fertigstellung|fertig stellen|fertigstellungstermin|"
        "fälligkeitsdatum|fällig am|fällig|projektende|fin|date de fin|échéance|"
        "date d'échéance|date cible|fin prévue|einddatum|streefdatum|opleverdatum|eind|"
        "fecha de fin|fecha fin|fecha límite|fecha de finalización|fecha de término|"
        "vencimiento",
        step=PLAN,
    ),
    Fact(
        "currency",
        "Currency",
        Kind.GROUP,
        "currency|währung|devise|monnaie|valuta|moneda|divisa",
        step=PLAN,
    ),
    Fact(
        "budget_approved",
        "Budget approved",
        Kind.MONEY,
        "budget approved|approved budget|budget|approved funding|funding|budgeted cost|"
        "genehmigtes budget|budget genehmigt|projektbudget|budget approuvé|budget alloué|"
        "goedgekeurd budget|presupuesto|presupuesto aprobado|begroting|goedgekeurde begroting",
        step=PLAN,
    ),
    Fact(
        "budget_spent",
        "Budget spent",
        Kind.MONEY,
        "budget spent|spent|actual cost|actual costs|actual spend|spend to date|"
        "spent to date|cost to date|ausgegeben|istkosten|ist kosten|verbraucht|dépensé|"
        "dépenses|budget consommé|coût réel|coûts réels|werkelijke kosten|costo real|"
        "coste real|besteed|uitgegeven|gastado|gasto real|dépenses à ce jour|"
        "dépensé à ce jour",
        step=PLAN,
    ),
    Fact(
        "budget_forecast",
        "Budget forecast",
        Kind.MONEY,
        "budget forecast|forecast cost|cost forecast|forecast budget|estimate at completion|"
        "prognosekosten|kostenprognose|coût prévisionnel|budget prévisionnel|kostenprognose|"
        "presupuesto previsto|previsión de gasto",
        step=PLAN,
    ),
    Fact(
        "change_percent",
        "Change management, % of the budget",
        Kind.NUMBER,
        "change management percent|change management|change management share",
        step=PLAN,
        heading="Change management percent",
    ),
    Fact(
        "impact_score",
        "Business impact, 1 to 5",
        Kind.NUMBER,
        "business impact|impact",
        step=PLAN,
        heading="Business impact",
    ),
    Fact(
        "alignment_score",
        "Strategic alignment, 1 to 5",
        Kind.NUMBER,
        "strategic alignment|alignment",
        step=PLAN,
        heading="Strategic alignment",
    ),
    Fact(
        "readiness_score",
        "Readiness, 1 to 5",
        Kind.NUMBER,
        "readiness",
        step=PLAN,
        heading="Readiness",
    ),
    Fact(
        "milestones",
        "Milestones",
        Kind.LINES,
        "milestones|meilensteine|jalons|mijlpalen|hitos",
    ),
    Fact(
        "dependencies",
        "Dependencies",
        Kind.LINES,
        "dependencies|depends on|dependency|predecessors|blocked by|prerequisites|"
        "blocked by dependencies|abhängigkeiten|abhängig von|vorgänger|dépendances|dépend de|"
        "prédécesseurs|afhankelijkheden|afhankelijk van|voorgangers|dependencias|depende de|"
        "predecesoras",
    ),
    Fact(
        "links",
        "Conversations",
        Kind.LINES,
    ),
)
BY_NAME = {fact.name: fact for fact in FACTS}
# The heading of each column of an export, by the fact's name.
EXPORTED = {"key": "Key", **{fact.name: fact.column for fact in FACTS if fact.called}}
LABELS = {fact.name: fact.label for fact in FACTS}
