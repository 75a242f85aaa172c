"""Three networks, one cheats: the finding, with its evidence and with what follows from it."""
from ..exercise import Complaint, Exercise, Misconception
from ..signs import raises
from .finding_run import CASES, asked_again, evidence, finding, look, of_all_slices, on_nodules


def said(**changes):
    """The finding with some entries of another kind: values, or functions of the right entry."""
    def mutant():
        right = finding()
        return right | {name: change(right[name]) if callable(change) else change for name, change in changes.items()}

    return mutant


def about(name):
    """Everything measured on another network."""
    def mutant():
        right = finding()
        peaks, chance = evidence(name, right["box"])
        return right | {"network": name, "peaks": peaks, "chance": chance, "AUC": asked_again(name, right["box"])}

    return mutant


def within(*box):
    """Everything measured with another box."""
    def mutant():
        right = finding()
        peaks, chance = evidence("b", box)
        return right | {"box": box, "peaks": peaks, "chance": chance, "AUC": asked_again("b", box)}

    return mutant


def without(name):
    return lambda: {key: value for key, value in finding().items() if key != name}


def complained(name, message, text, mutant):
    """The Misconception that the check complains of with this text."""
    return Misconception(name, message, mutant, sign=raises(Complaint, text))


WHICH = (
    complained(
        "map off the nodule taken for a proof",
        "The maps of this network miss the nodules, and yet it does not cheat: exchange the box between ill and "
        "healthy, and its AUC hardly moves. A map raises a suspicion; the test is to change the place and ask again.",
        "The maps of network c", about("c")),
    complained(
        "the network that finds the nodules",
        "This network points at the nodules, and its AUC hardly moves when places elsewhere are exchanged. The highest "
        "AUC is no sign of cheating. Look at the maps of the others.",
        "Network a points", about("a")),
    complained(
        "no network named",
        "Name the network that cheats with its letter: \"a\", \"b\" or \"c\".",
        "'network' is one of the names", said(network="all of them")),
)
WHERE = (
    complained(
        "rows and columns swapped",
        "Rows and columns of your box are exchanged. It is (top, bottom, left, right): rows are counted downwards, "
        "columns to the right.",
        "Rows and columns of your box", said(box=lambda box: (*box[2:], *box[:2]))),
    complained(
        "box in another order",
        "The four numbers of your box stand in another order. It is (top, bottom, left, right).",
        "stand in another order", said(box=lambda box: (box[0], box[2], box[1], box[3]))),
    complained(
        "box too large",
        "Your box holds much more than what the maps light up. If all that is erased, nobody knows what of it "
        "mattered. Draw it closely around the thing that you see.",
        "much larger", within(0, 12, 30, 52)),
    complained(
        "box around the bright spot only",
        "The map is coarser than the image, and brightest a pixel or two beside what it has seen. Draw the box "
        "around the *whole thing* in the image: what is left of it outside still speaks to the network.",
        "or lies just beside it", within(3, 8, 44, 48)),
    complained(
        "box beside it",
        "In your box is not what this network looks at. Average its maps over the ill slices: where is the "
        "brightest spot, and what lies there in the image?",
        "does not hold what", within(20, 30, 10, 20)),
    complained(
        "box not made of four whole numbers",
        "A box is four whole numbers, (top, bottom, left, right), so that `images[:, :, top:bottom, left:right]` is "
        "what you mean.",
        "four whole numbers", said(box="upper right corner")),
)
HOW = (
    complained(
        "healthy slices counted, too",
        "You count the maps of healthy slices, too. Ask where the network looks when it is to find a nodule: in the "
        "ill ones.",
        "counts the healthy slices", lambda: finding() | {"peaks": of_all_slices("b", finding()["box"])}),
    complained(
        "peaks on the nodule",
        "You count the maps that point at the nodule. The finding is about the box: how many point there?",
        "point at the nodule", lambda: finding() | {"peaks": on_nodules("b")}),
    complained(
        "peaks and chance swapped",
        "`evidence(name, box)` returns the peaks first, then what chance gives: `peaks, chance = evidence(name, box)`.",
        "'peaks' and 'chance'", lambda: finding() | {"peaks": finding()["chance"], "chance": finding()["peaks"]}),
    complained(
        "misses counted",
        "You count the maps that do not point into the box. Count those that do.",
        "do not point into the box", said(peaks=lambda share: 1 - share)),
    complained(
        "per cent instead of shares",
        "You give per cent. Give shares, from 0 to 1, as your tools do.",
        "in per cent", said(peaks=lambda share: 100 * share)),
    complained(
        "chance of something else",
        "Your chance is not that of the box. A pixel drawn by lot hits it, and two pixels around it, as often as "
        "they take up of the image.",
        "'chance' is not the share", said(chance=0.5)),
    complained(
        "peaks not those of this network",
        "This share is not what the maps of this network give for this box. Compute it: `evidence(name, box)`.",
        "'peaks' is not what", said(peaks=lambda share: share - 0.2)),
    complained(
        "erased and exchanged swapped",
        "The two AUCs have changed places. Exchanged means that the ill have the boxes of the healthy: what the "
        "network takes for a sign then speaks against the truth.",
        "have changed places", said(AUC=lambda found: found | {"erased": found["exchanged"],
                                                               "exchanged": found["erased"]})),
    complained(
        "three times the same AUC",
        "Your three AUCs are the same. Ask the network anew for each set of images: `asked_again(name, box)`.",
        "three AUCs are the same", said(AUC=lambda found: dict.fromkeys(found, found["as found"]))),
    complained(
        "AUC of another network",
        "These AUCs are those of another network. They must belong to the one that you name.",
        "of another network", lambda: finding() | {"AUC": asked_again("a", finding()["box"])}),
    complained(
        "one AUC instead of three",
        "One AUC proves nothing. Three belong together: as found, erased, exchanged.",
        "has three entries", said(AUC=lambda found: found["as found"])),
    complained(
        "AUC not measured",
        "One of your AUCs is not what this network gives for this box. Compute it: `asked_again(name, box)`.",
        "is not what this network gives", said(AUC=lambda found: found | {"erased": 0.5, "exchanged": 0.45})),
)
WHAT_FOLLOWS = (
    complained(
        "AUC as found taken for its worth",
        "A does not follow. Without the letter its AUC falls: what was measured as found is how well the "
        "letter tells the ill from the healthy.",
        "Statement A", said(conclusions=["A", "B", "E", "G"])),
    complained(
        "map taken for a proof",
        "C does not follow. Where a map is bright and what an answer depends on are two things; occlusion finds the "
        "nodules in such a network. Hide the nodule and ask again before you say so.",
        "Statement C", said(conclusions=["B", "C", "E", "G"])),
    complained(
        "\"uses a sign\" taken for \"knows nothing\"",
        "D does not follow. With the box erased its AUC is still above one half, so it has learned something "
        "about nodules, too; not enough.",
        "Statement D", said(conclusions=["B", "D", "E", "G"])),
    complained(
        "one test taken for all",
        "F does not follow. One box was changed. Another shortcut, in the lungs or in the whole picture, has not been "
        "looked for; no map and no single test can rule them all out.",
        "Statement F", said(conclusions=["B", "E", "F", "G"])),
    complained(
        "a conclusion left out",
        "More may be concluded than you say. Go through the statements once more: which of them are what the three "
        "AUCs of a network say, and no more than that?",
        "follow", said(conclusions=["B"])),
    complained(
        "conclusions without letters",
        "Give the conclusions as a list of letters from A to G, for example `[\"A\", \"D\"]`.",
        "list of letters", said(conclusions="it cheats")),
    complained(
        "an entry missing",
        "Your finding lacks an entry. It has six: network, box, peaks, chance, AUC and conclusions.",
        "has no entry", without("chance")),
)

FINDING = Exercise(
    title="Exercise 8",
    points=3,
    reference=finding,
    observe=look,
    cases=CASES,
    hints=(
        ("One network points into the same corner in nearly all ill slices. Average its maps and read off rows and "
         "columns of the bright spot; then look at the images there."),
        ("For each network: `asked_again(name, box)`. Whose AUC falls when the box is erased, and turns round when "
         "it is exchanged? Maps that miss the nodules are no proof."),
        ("`peaks, chance = evidence(name, box)`. Of the statements those follow that say no more than what was "
         "measured with the box: there are three."),
    ),
    misconceptions=(*WHICH, *WHERE, *HOW, *WHAT_FOLLOWS),
)
