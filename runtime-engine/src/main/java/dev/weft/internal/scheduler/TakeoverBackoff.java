/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.internal.scheduler;

import java.util.HashMap;
import java.util.Map;

/**
 * Keeps CPU-bound code from causing a takeover at each threshold: the more often one site does, the longer it waits for
 * the next. Monitor thread only.
 */
final class TakeoverBackoff {

    private static final int FREE = 16;
    private static final int MAX_DOUBLINGS = 6;
    private static final long FORGET_NANOS = 1_000_000_000L;
    private static final int MAX_SITES = 256;

    private static final class Site {
        int takeovers;
        long lastNanos;
        long nextNanos;
    }

    private final long thresholdNanos;
    private final Map<String, Site> sites = new HashMap<>();

    TakeoverBackoff(long thresholdNanos) {
        this.thresholdNanos = thresholdNanos;
    }

    /** Names the place a stalled thread is at: its innermost frame outside the JDK. */
    String siteOf(StackTraceElement[] stack) {
        for (StackTraceElement frame : stack) {
            if (frame.getModuleName() == null || !frame.getModuleName().startsWith("java.")) {
                return frame.getClassName() + '.' + frame.getMethodName();
            }
        }
        return "unknown";
    }

    boolean allows(String name, long now) {
        Site site = sites.get(name);
        return site == null || now - site.nextNanos >= 0;
    }

    void took(String name, long now) {
        if (sites.size() >= MAX_SITES) {
            sites.values().removeIf(site -> now - site.lastNanos > FORGET_NANOS);
        }
        Site site = sites.computeIfAbsent(name, n -> new Site());
        if (now - site.lastNanos > FORGET_NANOS) {
            site.takeovers = 0;
        }
        site.lastNanos = now;
        site.takeovers++;
        int excess = site.takeovers - FREE;
        site.nextNanos = excess <= 0 ? now : now + (thresholdNanos << Math.min(excess, MAX_DOUBLINGS));
    }
}
