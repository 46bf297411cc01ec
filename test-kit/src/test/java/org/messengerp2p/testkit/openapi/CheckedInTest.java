package org.messengerp2p.testkit.openapi;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckedInTest {
    @Test
    void showsWhatCameAndWentWithTheLinesBefore() {
        assertEquals(
                List.of("@@ line 3", "  a", "  b", "- c", "+ x", "+ y", "@@ line 5", "  b", "  c", "  d", "- e"),
                CheckedIn.differences(List.of("a", "b", "c", "d", "e"), List.of("a", "b", "x", "y", "d")));
    }

    @Test
    void saysHowToTakeADifferenceOver(@TempDir Path folder) throws IOException {
        Path checkedIn = Files.writeString(folder.resolve("checked-in"), "1\n");
        Path made = Files.writeString(folder.resolve("made"), "2\n");

        AssertionError refused =
                assertThrows(AssertionError.class, () -> CheckedIn.requireSame(checkedIn, made, "the command"));

        assertTrue(refused.getMessage().contains("- 1\n+ 2"), refused.getMessage());
        assertTrue(refused.getMessage().contains("the command"), refused.getMessage());
        assertDoesNotThrow(() -> CheckedIn.requireSame(made, made, ""));
    }

    @Test
    void refusesADocumentThatRefersToNothing(@TempDir Path folder) throws IOException {
        Path made = Files.writeString(folder.resolve("made"), """
                {"components": {"schemas": {"There": {}, "Thing": {"anyOf": [
                  {"$ref": "#/components/schemas/There"}, {"$ref": "#/components/schemas/Gone"}]}}}}
                """);

        AssertionError refused =
                assertThrows(AssertionError.class, () -> CheckedIn.requireSame(made, made, "the command"));

        assertTrue(refused.getMessage().endsWith("[#/components/schemas/Gone]"), refused.getMessage());
    }
}
