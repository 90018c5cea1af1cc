/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.benchmarks.engine.driver;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** What the command line asked for. */
public final class Invocation {

    private static final String USAGE = "Usage: run GROUP [--quick] [--peers=NAME,...] [--shapes=PREFIX,...] (and, from the script: "
            + "--results=DIRECTORY, --tokio=NAME=DIRECTORY, --skip=NAME=REASON)";

    private final Group group;
    private boolean quick;
    private Path results = Path.of("results");
    private Predicate<String> wantedPeer = name -> true;
    private Predicate<String> wantedShape = name -> true;
    private final List<PeerCommand> nativePeers = new ArrayList<>();
    private final Map<String, String> skipped = new LinkedHashMap<>();

    private Invocation(Group group) {
        this.group = group;
    }

    public static Invocation parse(String[] args) {
        if (args.length == 0 || args[0].startsWith("-")) {
            throw new IllegalArgumentException(USAGE);
        }
        Invocation invocation = new Invocation(Groups.named(args[0]));
        for (int i = 1; i < args.length; i++) {
            String[] option = args[i].split("=", 2);
            invocation.apply(option[0], option.length == 2 ? option[1] : "");
        }
        return invocation;
    }

    private void apply(String option, String value) {
        switch (option) {
            case "--quick" -> quick = true;
            case "--results" -> results = Path.of(value);
            case "--peers" -> wantedPeer = List.of(value.split(","))::contains;
            case "--shapes" -> wantedShape = startsWithOneOf(List.of(value.split(",")));
            case "--tokio" -> nativePeers.add(PeerCommand.onTokio(before(value), Path.of(after(value))));
            case "--skip" -> skipped.put(before(value), after(value));
            default -> throw new IllegalArgumentException("Unknown option " + option + ". " + USAGE);
        }
    }

    private static Predicate<String> startsWithOneOf(List<String> prefixes) {
        return name -> prefixes.stream().anyMatch(name::startsWith);
    }

    private static String before(String pair) {
        return pair.split("=", 2)[0];
    }

    private static String after(String pair) {
        String[] parts = pair.split("=", 2);
        if (parts.length < 2) {
            throw new IllegalArgumentException("'" + pair + "' must have the form NAME=VALUE. " + USAGE);
        }
        return parts[1];
    }

    public Path resultsDirectory() {
        return results;
    }

    /** Starts the peers, runs the campaign, and ends the peers. */
    public Results run(PrintStream progress) throws IOException, InterruptedException {
        Path logs = Files.createDirectories(results.resolve("logs"));
        Plan plan = Plan.of(group.measure(), quick);
        List<Contender> contenders = start(plan, logs, progress);
        try {
            List<Shape> shapes = group.shapes().stream()
                    .filter(shape -> wantedShape.test(shape.name()))
                    .toList();
            List<Results.Row> rows = new Campaign(plan, shapes, contenders, progress).run();
            Map<String, String> versions = new LinkedHashMap<>();
            contenders.forEach(contender -> versions.put(contender.name(), contender.version()));
            return new Results(
                    group, Machine.current(), List.copyOf(versions.keySet()), versions, skipped, rows);
        } finally {
            Contender.closeAll(contenders);
        }
    }

    private List<Contender> start(Plan plan, Path logs, PrintStream progress) {
        List<PeerCommand> commands = new ArrayList<>();
        group.jvmPeers().forEach((name, mainClass) -> commands.add(PeerCommand.onJvm(name, mainClass)));
        commands.addAll(nativePeers);
        List<Contender> contenders = new ArrayList<>();
        for (PeerCommand command : commands) {
            if (wantedPeer.test(command.name())) {
                try {
                    contenders.add(new Contender(command, plan, logs));
                } catch (PeerFailure e) {
                    skipped.put(command.name(), String.valueOf(e.getMessage()));
                }
            }
        }
        skipped.forEach((name, reason) -> progress.println("skipping " + name + ": " + reason));
        return contenders;
    }
}
