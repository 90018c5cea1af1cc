/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.internal.jdk;

import java.util.Locale;

/** Says what to add, for the way this JVM was started, so that Weft gets workers of its own. */
public final class LaunchRecipe {

    private static final String FLAG = "--add-opens java.base/java.lang=";

    private LaunchRecipe() {}

    /** Returns what to do where {@code java.lang} is open and dedicated mode still is not possible. */
    public static String noFlagHelps() {
        return "java.lang is open to Weft already, so adding the flag does not help: either the machine was too busy for"
                + " the test, and then starting the application again helps, or Weft does not know this JDK ("
                + Runtime.version() + ")";
    }

    /** Returns one sentence with the exact line. */
    public static String line() {
        return line(
                System.getProperty("sun.java.command", ""),
                System.getProperty("surefire.test.class.path", System.getProperty("surefire.real.class.path", "")),
                LaunchRecipe.class.getModule().isNamed() ? LaunchRecipe.class.getModule().getName() : "ALL-UNNAMED");
    }

    static String line(String command, String surefire, String module) {
        String flag = FLAG + module;
        String program = command.isEmpty() ? "" : command.split(" ", 2)[0];
        if (!surefire.isEmpty() || program.contains("surefire") || program.contains("failsafe")) {
            return "add <argLine>" + flag + "</argLine> to the configuration of maven-surefire-plugin";
        }
        if (program.contains("GradleWorkerMain")) {
            return "add jvmArgs(\"" + flag.replace(' ', '=') + "\") to the Gradle test task";
        }
        if (program.toLowerCase(Locale.ROOT).endsWith(".jar")) {
            return "add the line 'Add-Opens: java.base/java.lang' to the manifest of "
                    + program.substring(program.lastIndexOf('/') + 1) + ", or start it with 'java " + flag + " -jar "
                    + program.substring(program.lastIndexOf('/') + 1) + "'";
        }
        return "start the JVM with '" + flag + "', or set the environment variable JDK_JAVA_OPTIONS='"
                + flag.replace("opens ", "opens=") + "'";
    }
}
