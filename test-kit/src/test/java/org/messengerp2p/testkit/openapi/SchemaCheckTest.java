package org.messengerp2p.testkit.openapi;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SchemaCheckTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final ApiDocument document = ApiDocument.read("""
            {"components": {"schemas": {
              "Thing": {"type": "object", "required": ["id"], "properties": {
                "id": {"$ref": "#/components/schemas/Id"},
                "names": {"type": "array", "maxItems": 2, "items": {"type": "string", "pattern": "^[a-z]+$"}},
                "count": {"type": "integer", "minimum": 1, "maximum": 4294967295},
                "kind": {"type": "string", "const": "x"},
                "state": {"type": "string", "enum": ["on", "off"]},
                "done": {"type": "boolean"},
                "maybe": {"anyOf": [{"$ref": "#/components/schemas/Id"}, {"type": "null"}]}
              }},
              "Id": {"type": "string", "minLength": 2, "maxLength": 3}
            }}}
            """);

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'id':'ab'} |",
                "{'id':'ab','names':['a'],'count':4294967295,'kind':'x','maybe':null} |",
                "{'id':'ab','state':'off','done':false} |",
                "{} | /id is missing",
                "[] | is no object",
                "{'id':1} | /id is no string",
                "{'id':'a'} | /id is out of range: 1",
                "{'id':'ab','more':1} | /more is not in the document",
                "{'id':'ab','names':{'a':1}} | /names is no array",
                "{'id':'ab','names':['a','B']} | /names/1 does not match its pattern",
                "{'id':'ab','names':['a','b','c']} | /names is out of range: 3",
                "{'id':'ab','count':0} | /count is out of range: 0",
                "{'id':'ab','count':99999999999999999999} | /count is out of range: 99999999999999999999",
                "{'id':'ab','count':1.5} | /count is no integer",
                "{'id':'ab','kind':'y'} | /kind is not \"x\"",
                "{'id':'ab','state':'of'} | /state is none of [\"on\",\"off\"]",
                "{'id':'ab','done':'true'} | /done is no boolean",
                "{'id':'ab','maybe':1} | /maybe fits 0 of anyOf",
            })
    void namesWhatDoesNotFit(String json, String fault) throws JsonProcessingException {
        JsonNode value = JSON.readTree(json.replace('\'', '"'));
        JsonNode schema = JSON.readTree("{\"$ref\": \"#/components/schemas/Thing\"}");

        assertEquals(
                fault == null ? List.of() : List.of(fault),
                document.faults(schema, value).stream().map(String::strip).toList());
    }
}
