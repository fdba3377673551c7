"""A catalogue of the size and mixture of the shipped one; tests of the picker do not move with that."""

from __future__ import annotations

from datetime import timedelta

from traycoach.core.picker import RoutineInfo

_ROUTINES = """
blink-15 95 eye,programme eyes 1 3 chair -
breathe-60 65 micro,wind-down,meeting chest 1 3 chair -
chest-upper-back-2 125 stretch,posture chest,upper-back,shoulders 2 2 chair chair
core-1 190 programme core,hips 2 1 floor mat
core-2 235 programme core,low-back 2 1 floor mat
core-3 215 programme core,low-back 3 1 floor mat
core-desk-2 110 stand-up,programme core,hips 2 1 chair chair,desk
discreet-2 120 posture,meeting core,hips,neck 1 3 chair chair
discreet-upper-90 80 posture,micro neck,upper-back,hands 1 3 chair -
elbow-loosen-2 105 typing,mousing,programme wrists,elbows 2 1 chair -
energy-2 125 stand-up whole-body 2 1 chair desk,wall
eyes-2 120 eye eyes 1 2 chair -
eyes-30 38 micro,eye eyes 1 3 chair -
full-stretch-5 305 stretch whole-body 2 2 chair chair,desk,wall
hands-30 35 micro,typing,mousing hands 1 2 chair -
head-ease-3 175 eye,programme eyes,head,neck 1 2 chair -
hips-3 195 stretch,move hips,hamstrings 1 2 chair chair,desk
hips-strong-3 180 programme hips,calves 3 1 floor desk,mat
legs-desk-2 130 stand-up,stretch legs,calves 2 2 chair desk
legs-seated-2 125 stand-up,meeting legs,calves 1 2 chair chair
lift-ready 60 posture,programme hips,low-back 2 1 chair -
low-back-ease-3 175 stretch,programme low-back 1 2 chair chair
meeting-invisible-60 75 meeting,micro calves,hips 1 3 chair chair
mousing-3 185 mousing,move forearms,shoulders,neck 1 2 chair -
neck-45 42 micro,posture neck,shoulders 1 3 chair -
neck-shoulder-3 195 stretch,programme,move neck,shoulders,upper-back 2 2 chair chair
neck-strength-1 160 programme neck,shoulders 2 2 chair -
neck-strength-2 200 programme neck,shoulders 3 2 chair -
neck-strength-3 235 programme neck,shoulders,upper-back 3 1 floor mat,wall
posture-2 115 posture neck,upper-back,low-back 2 2 chair chair
posture-30 30 micro,posture low-back,chest 1 3 chair chair
pre-meeting-60 60 meeting,posture low-back,shoulders,chest 1 2 chair chair
recline-90 85 posture,micro low-back,chest 1 3 chair chair
sciatica-desk-2 110 stand-up,programme low-back,legs 1 2 chair chair
sciatica-extension-4 215 programme low-back 3 1 floor mat
sciatica-flexion-4 205 programme low-back,hips 2 1 floor chair,mat
sciatica-neutral-4 215 programme low-back,legs 1 1 floor chair,mat
sciatica-stretch-4 215 programme hamstrings,hips 2 1 floor mat
seat-shift-45 55 micro,posture hips,low-back 1 3 chair chair
seated-only-5 260 stand-up,stretch,move whole-body 1 1 chair chair
stairs-3 210 walk,move legs 3 2 chair wall
stand-2 120 stand-up legs,upper-back,low-back 2 1 chair desk
stand-60 60 stand-up legs,low-back 1 2 chair chair
stand-quiet-90 90 stand-up,posture legs,hips 2 2 chair desk
standing-relief-3 175 standing calves,low-back,hips 1 2 chair chair,desk,wall
strength-5 240 stand-up,programme,move legs,chest,core 2 1 chair chair,desk
switch-to-standing 65 posture legs,low-back 2 2 chair desk
typing-3 175 typing hands,forearms,shoulders 2 2 chair -
walk-1 65 stand-up,walk whole-body 1 3 chair -
walk-2 125 stand-up,walk whole-body 1 3 chair -
walk-5 290 stand-up,walk,move whole-body 1 3 chair -
wall-desk-2 95 stretch chest,shoulders,upper-back 2 1 chair desk,wall
wheels-cardio-3 170 stand-up,walk shoulders,whole-body 2 1 chair chair
wheels-micro-60 60 micro,stand-up hips,neck,shoulders 1 3 chair chair
wheels-shoulders-4 205 stand-up,stretch,programme,move shoulders,upper-back,chest 1 2 chair chair
wheels-strength-4 200 stand-up,programme,move shoulders,upper-back 2 2 chair chair
wind-down-4 225 wind-down low-back,hips,chest 2 2 chair chair
wind-down-floor-5 245 wind-down low-back,hips,chest 2 1 floor chair,mat
wrist-1 200 programme hands,forearms 2 1 chair -
wrist-2 200 programme forearms,hands 2 2 chair desk
wrist-3 225 programme forearms,hands 3 2 chair desk
"""
"""Id, seconds, purposes, regions, level, discretion, floor or chair, kit."""


def _routine(row: str) -> RoutineInfo:
    name, seconds, purposes, regions, level, discreet, where, needs = row.split()
    return RoutineInfo(
        id=name,
        title=name,
        offer=name,
        length=timedelta(seconds=int(seconds)),
        purposes=frozenset(purposes.split(",")),
        regions=tuple(regions.split(",")),
        needs=frozenset() if needs == "-" else frozenset(needs.split(",")),
        level=int(level),
        discreet=int(discreet),
        floor=where == "floor",
        offered=where != "floor" and int(level) <= 2,
    )


CATALOGUE = tuple(_routine(row) for row in _ROUTINES.split("\n") if row)
