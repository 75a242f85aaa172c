"""The positive predictive value at another prevalence: Bayes' rule with people in place of letters."""
import math

import numpy as np

from ..exercise import Exercise, Misconception
from ..signs import behaves_like, mistakes


def ppv_at(sensitivity, specificity, prevalence):
    """Of those called ill, the share who are; NaN where nobody is called ill. All are numbers from 0 to 1."""
    found = sensitivity * prevalence                 # ill and called ill, as a share of all people
    alarmed = (1 - specificity) * (1 - prevalence)   # healthy and called ill
    return found / (found + alarmed) if found + alarmed > 0 else np.nan


CASES = (
    (0.99, 0.25, 0.01),
    (0.9, 0.6, 0.5),
    (0.8, 0.95, 0.1),
    (0.7, 0.9, 0.02),
    (0.85, 1.0, 0.3),
    (0.9, 0.8, 0.0),
    (0.6, 0.9, 1.0),
    (0.0, 1.0, 0.2),   # nobody is called ill
    (0.95, 1.0, 0.0),  # nobody is called ill either
)
SOMEBODY = tuple(range(7))
ORDINARY = (0, 1, 2, 3)  # nothing is 0 or 1
named, on_ordinary = mistakes(CASES), mistakes(CASES, chosen=ORDINARY)


def _of(formula):
    """formula(se, sp, p) gives the ill and the healthy among those called ill."""
    def mutant(sensitivity, specificity, prevalence):
        part, rest = formula(sensitivity, specificity, prevalence)
        return part / (part + rest) if part + rest else math.nan

    return mutant


def _over_the_called(part):
    """part(se, sp, p) over the right denominator."""
    def mutant(se, sp, p):
        called = se * p + (1 - sp) * (1 - p)
        return part(se, sp, p) / called if called else math.nan

    return mutant


def _in_whole_people(people, whole):
    def mutant(se, sp, p):
        ill = whole(people * p)
        found, alarmed = whole(ill * se), whole((people - ill) * (1 - sp))
        return found / (found + alarmed) if found + alarmed else math.nan

    return mutant


def _odds(se, sp, p):
    return se * p / ((1 - sp) * (1 - p)) if sp < 1 and p < 1 else math.inf


def _plain(se, sp, p):
    return se * p / (se * p + (1 - sp) * (1 - p))


def _unknown_too_often(results):
    """Sign: right where nothing is 0 or 1, and NaN where somebody is called ill after all."""
    values = [results[index].value for index in SOMEBODY if isinstance(results[index].value, float)]
    return any(map(math.isnan, values)) and behaves_like(CASES, ppv_at, chosen=ORDINARY)(results)


PPV_AT = Exercise(
    title="Exercise 7",
    points=1,
    reference=ppv_at,
    cases=CASES,
    hints=(
        ("Think of 1000 people. prevalence × 1000 are ill, and sensitivity of those are found. How many are healthy, "
         "and how many of them are called ill by mistake?"),
        "Healthy people called ill: `(1 - specificity) * (1 - prevalence)`, as a share of all.",
        "PPV is the found over the found and the falsely alarmed. Where both are 0 return `float(\"nan\")`.",
    ),
    misconceptions=(
        on_ordinary(
            "prevalence forgotten",
            "Your value does not change with the prevalence. The same test meets many ill people in a clinic and few "
            "in screening: weigh the ill with prevalence, the healthy with 1 - prevalence.",
            _of(lambda se, sp, p: (se, 1 - sp))),
        on_ordinary(
            "healthy people not weighed",
            "You weigh the ill with the prevalence and the healthy not at all. Their share is 1 - prevalence.",
            _of(lambda se, sp, p: (se * p, 1 - sp))),
        on_ordinary(
            "ill people not weighed",
            "You weigh the healthy and not the ill. Their share is the prevalence.",
            _of(lambda se, sp, p: (se, (1 - sp) * (1 - p)))),
        on_ordinary(
            "ill and healthy exchanged in the weights",
            "You weigh the ill with 1 - prevalence and the healthy with the prevalence. The prevalence is the share of "
            "the ill.",
            _of(lambda se, sp, p: (se * (1 - p), (1 - sp) * p))),
        on_ordinary(
            "specificity instead of false alarms",
            "You add the healthy who are called healthy. Those called ill are 1 - specificity of them.",
            _of(lambda se, sp, p: (se * p, sp * (1 - p)))),
        on_ordinary(
            "sensitivity and specificity exchanged",
            "You take one for the other. Of the ill the share `sensitivity` is called ill, of the healthy the share "
            "1 - specificity.",
            _of(lambda se, sp, p: (sp * p, (1 - se) * (1 - p)))),
        on_ordinary(
            "missed people in the denominator",
            "You divide by all the ill, or add those who are missed. PPV looks at the people called ill, right or "
            "wrong.",
            _of(lambda se, sp, p: (se * p, (1 - se) * p)), _of(lambda se, sp, p: (se * p, (1 - se) * (1 - p))),
            _of(lambda se, sp, p: (se * p, (1 - se) * p + (1 - sp) * (1 - p)))),
        on_ordinary(
            "NPV instead of PPV",
            "This is the share of the healthy among those called healthy. Asked is the other half: the ill among those "
            "called ill.",
            _of(lambda se, sp, p: (sp * (1 - p), (1 - se) * p))),
        named(
            "not divided",
            "You return the share of all people who are ill and found. Divide by the share of all who are called ill.",
            lambda se, sp, p: se * p),
        named(
            "how many are called ill",
            "You return how many are called ill. Asked is how many of these are ill.",
            lambda se, sp, p: se * p + (1 - sp) * (1 - p)),
        named(
            "accuracy instead of PPV",
            "You return the share of right answers. PPV looks only at people called ill.",
            lambda se, sp, p: se * p + sp * (1 - p)),
        on_ordinary(
            "the other share",
            "This is the share of the healthy among those called ill, 1 - PPV.",
            _of(lambda se, sp, p: ((1 - sp) * (1 - p), se * p))),
        on_ordinary(
            "another number above the line",
            "What stands above the line must be a part of what stands below it: the ill who are called ill, "
            "sensitivity × prevalence.",
            _over_the_called(lambda se, sp, p: se), _over_the_called(lambda se, sp, p: p)),
        on_ordinary(
            "brackets missing",
            "Python multiplies and divides before it adds. Put brackets around 1 - specificity, around 1 - prevalence "
            "and around all that stands below the line.",
            lambda se, sp, p: se * p / (se * p + 1 - sp * (1 - p)),
            lambda se, sp, p: se * p / (se * p + 1 - sp * 1 - p),
            lambda se, sp, p: se * p / (se * p + (1 - sp) * 1 - p),
            lambda se, sp, p: se * p / se * p + (1 - sp) * (1 - p),
            lambda se, sp, p: se * p / (se * p) + (1 - sp) * (1 - p)),
        on_ordinary(
            "odds instead of a share",
            "You divide the found by the falsely alarmed: those are odds. For a share divide by both together.",
            _odds),
        on_ordinary(
            "per cent instead of a share",
            "Your value runs from 0 to 100. Return a share from 0 to 1.",
            lambda se, sp, p: 100 * ppv_at(se, sp, p)),
        on_ordinary(
            "rounded",
            "You round. Return the share as it is; round when you print it.",
            *(lambda se, sp, p, digits=digits: round(ppv_at(se, sp, p), digits) for digits in (2, 1, 3, 4))),
        on_ordinary(
            "whole people",
            "You count whole people, so 9.9 of 10 ill who are found become 10 or 9. Leave the fractions, or compute "
            "with shares.",
            *(_in_whole_people(people, whole) for people in (1000, 100) for whole in (round, int))),
        Misconception(
            "division by zero",
            "Your formula is right, and it stops where nobody is called ill. Nothing is known about nobody: NaN, "
            "`float(\"nan\")`.",
            _plain,
            sign=lambda results: isinstance(results[-1].error, ZeroDivisionError) and behaves_like(
                CASES, ppv_at, chosen=SOMEBODY)(results)),
        Misconception(
            "no NaN where nobody is called ill",
            "Where nobody is called ill you return something else than NaN. Nothing is known about nobody: "
            "`float(\"nan\")`.",
            lambda se, sp, p: _plain(se, sp, p) if sp < 1 or se * p else 0.0,
            sign=behaves_like(CASES, ppv_at, chosen=SOMEBODY)),
        Misconception(
            "NaN although somebody is called ill",
            "Where somebody is called ill the PPV is known: 0 if nobody is ill, 1 if nobody is healthy. NaN is for the "
            "case in which the number below the line is 0.",
            lambda se, sp, p: ppv_at(se, sp, p) if 0 < p < 1 else math.nan,
            sign=_unknown_too_often),
    ),
)
