/* simcom.h: the C interface of simcom-at.
   Written by `cargo xtask header`; do not edit. */
#ifndef SIMCOM_H
#define SIMCOM_H

#define SIMCOM_VERSION_MAJOR 0
#define SIMCOM_VERSION_MINOR 1
#define SIMCOM_VERSION_PATCH 0
#define SIMCOM_VERSION "0.1.0"

#endif
