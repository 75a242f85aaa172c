"""The positive predictive value at another prevalence: Bayes' rule with people in place of letters."""
import math

import numpy as np

from ..exercise import Exercise, Misconception
from .behaviour import behaves_like


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
ORDINARY = (0, 1, 2, 3)


def _share(part, rest, empty=math.nan):
    return part / (part + rest) if part + rest else empty


def _of(formula):
    """formula(se, sp, p) gives part and rest."""
    return lambda sensitivity, specificity, prevalence: _share(*formula(sensitivity, specificity, prevalence))


def _on_ordinary(*mutants):
    """Sign: one of these where nothing is 0 or 1, whatever happens elsewhere."""
    return behaves_like(CASES, *mutants, chosen=ORDINARY)


WITHOUT_PREVALENCE = _of(lambda se, sp, p: (se, 1 - sp))


def _odds(se, sp, p):
    return se * p / ((1 - sp) * (1 - p)) if sp < 1 and p < 1 else math.inf


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
        Misconception(
            "prevalence forgotten",
            "Your value does not change with the prevalence. The same test meets many ill people in a clinic and few "
            "in screening: weigh the ill with prevalence, the healthy with 1 - prevalence.",
            WITHOUT_PREVALENCE,
            sign=_on_ordinary(WITHOUT_PREVALENCE)),
        Misconception(
            "healthy people not weighed",
            "You weigh the ill with the prevalence and the healthy not at all. Their share is 1 - prevalence.",
            _of(lambda se, sp, p: (se * p, 1 - sp)),
            sign=_on_ordinary(_of(lambda se, sp, p: (se * p, 1 - sp)))),
        Misconception(
            "ill people not weighed",
            "You weigh the healthy and not the ill. Their share is the prevalence.",
            _of(lambda se, sp, p: (se, (1 - sp) * (1 - p))),
            sign=_on_ordinary(_of(lambda se, sp, p: (se, (1 - sp) * (1 - p))))),
        Misconception(
            "healthy weighed with the prevalence",
            "You weigh ill and healthy people with the prevalence, and it cancels. The share of the healthy is "
            "1 - prevalence.",
            _of(lambda se, sp, p: (se * (1 - p), (1 - sp) * p)),
            sign=_on_ordinary(_of(lambda se, sp, p: (se * (1 - p), (1 - sp) * p)))),
        Misconception(
            "specificity instead of false alarms",
            "You add the healthy who are called healthy. Those called ill are 1 - specificity of them.",
            _of(lambda se, sp, p: (se * p, sp * (1 - p))),
            sign=_on_ordinary(_of(lambda se, sp, p: (se * p, sp * (1 - p))))),
        Misconception(
            "missed people in the denominator",
            "You divide by all the ill, or add those who are missed. PPV looks at the people called ill, right or "
            "wrong.",
            _of(lambda se, sp, p: (se * p, (1 - se) * p)),
            sign=_on_ordinary(lambda se, sp, p: se, _of(lambda se, sp, p: (se * p, (1 - se) * (1 - p))),
                              _of(lambda se, sp, p: (se * p, (1 - se) * p + (1 - sp) * (1 - p))))),
        Misconception(
            "NPV instead of PPV",
            "This is the share of the healthy among those called healthy. Asked is the other half: the ill among those "
            "called ill.",
            _of(lambda se, sp, p: (sp * (1 - p), (1 - se) * p)),
            sign=_on_ordinary(_of(lambda se, sp, p: (sp * (1 - p), (1 - se) * p)))),
        Misconception(
            "not divided",
            "You return the share of all people who are ill and found. Divide by the share of all who are called ill.",
            lambda se, sp, p: se * p),
        Misconception(
            "share of the called, not of the ill among them",
            "You return how many are called ill. Asked is how many of these are ill.",
            lambda se, sp, p: se * p + (1 - sp) * (1 - p)),
        Misconception(
            "accuracy instead of PPV",
            "You return the share of right answers. PPV looks only at people called ill.",
            lambda se, sp, p: se * p + sp * (1 - p)),
        Misconception(
            "the other share",
            "This is the share of the healthy among those called ill, 1 - PPV.",
            _of(lambda se, sp, p: ((1 - sp) * (1 - p), se * p)),
            sign=_on_ordinary(_of(lambda se, sp, p: ((1 - sp) * (1 - p), se * p)))),
        Misconception(
            "odds instead of a share",
            "You divide the found by the falsely alarmed: those are odds. For a share divide by both together.",
            _odds,
            sign=_on_ordinary(_odds)),
        Misconception(
            "per cent instead of a share",
            "Your value runs from 0 to 100. Return a share from 0 to 1.",
            lambda se, sp, p: 100 * ppv_at(se, sp, p),
            sign=_on_ordinary(lambda se, sp, p: 100 * ppv_at(se, sp, p))),
        Misconception(
            "rounded",
            "You round. Return the share as it is; round when you print it.",
            lambda se, sp, p: round(ppv_at(se, sp, p), 2),
            sign=_on_ordinary(*(lambda se, sp, p, digits=digits: round(ppv_at(se, sp, p), digits)
                                for digits in (1, 2, 3)))),
        Misconception(
            "division by zero",
            "Your formula is right, and it stops where nobody is called ill. Nothing is known about nobody: NaN, "
            "`float(\"nan\")`.",
            lambda se, sp, p: se * p / (se * p + (1 - sp) * (1 - p)),
            sign=lambda results: isinstance(results[-1].error, ZeroDivisionError) and behaves_like(
                CASES, ppv_at, chosen=SOMEBODY)(results)),
        Misconception(
            "0 or 1 where nobody is called ill",
            "You give a number where nobody is called ill. Nothing is known about nobody: NaN, `float(\"nan\")`.",
            lambda se, sp, p: _share(se * p, (1 - sp) * (1 - p), empty=0.0),
            sign=behaves_like(CASES, ppv_at, chosen=SOMEBODY)),
    ),
)
